# Figures, the report and setup: included by the Makefile.
# gnuplot and LaTeX are not needed for results and verdicts; without them these targets say what they left out and
# succeed.  Any other failure is an error.
PUBLISHED      = reference_results/published
FIGURE_FOLDER  = $(BUILD)/figures
REPORT_FOLDER  = $(BUILD)/report
GNUPLOT        = gnuplot
PDFLATEX       = pdflatex
# A fixed date makes the PDF the same bytes on every run: that of the release.
REPORT_EPOCH   = 1767225600

.PHONY: figures report

setup: ## install what is missing (asks the system's package manager)
	@sh setup.sh

figures: $(BUILD)/scaledown ## draw the figures from the results, as SVG and for the report
	@sh figures/draw.sh $(BUILD)/scaledown $(RESULTS) $(PUBLISHED) $(FIGURE_FOLDER) $(GNUPLOT)

report: figures ## compile report/report.pdf from the results and verdicts
	@SOURCE_DATE_EPOCH=$(REPORT_EPOCH) FORCE_SOURCE_DATE=1 sh report/compile.sh $(REPORT_FOLDER) $(FIGURE_FOLDER) \
	    $(RESULTS) $(PUBLISHED) $(PDFLATEX)
