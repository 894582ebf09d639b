# Verdicts that tests/check_verdict.c compares with, made once by R 4.2.2 with limma 3.54 (Debian: r-bioc-limma) from the
# recorded results and published numbers themselves, in the project's folder:
#     Rscript tests/oracle/judge.R >tests/oracle/judge.csv
# Columns: claim, difference, shared_sd (of one run or pair), df (of the difference), low, high (95 %), low90, high90 (90 %), p
# (of the test on the side of the margin where the difference lies), p_difference (of none; empty without a published number),
# p_holm (of a curve's points).  To be made again when results are recorded anew.
suppressPackageStartupMessages(library(limma))
folder <- "reference_results/mnist1d"
golden <- function(name) read.csv(sprintf("%s/golden/%s.csv", folder, name), stringsAsFactors = FALSE)
published <- function(name) { p <- read.csv(sprintf("%s/published/%s.csv", folder, name), stringsAsFactors = FALSE); rownames(p) <- p$id; p }
# A matrix with a row for each quantity and a column for each seed.
runs <- function(g, cells, metrics, xs = NULL) t(mapply(function(cell, metric, x) {
    rows <- g$cell == cell & g$metric == metric & (is.na(x) | (!is.na(g$x) & g$x == x))
    g$value[rows][order(g$seed[rows])]
}, cells, metrics, if (is.null(xs)) NA else xs))
# limma's moderated variances, df capped at the family's total, as eBayes does.
shared <- function(s2, df) {
    fit <- suppressWarnings(squeezeVar(s2, df))
    list(s2 = fit$var.post, df = pmin(df + fit$df.prior, sum(df)))
}
g17 <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))
write <- function(id, d, sd, df, se, p, p0 = NA, holm = NA) cat(paste(id, g17(d), g17(sd), g17(df), g17(d - qt(0.975, df) * se),
    g17(d + qt(0.975, df) * se), g17(d - qt(0.95, df) * se), g17(d + qt(0.95, df) * se), g17(p), g17(p0), g17(holm), sep = ","), sep = "\n")
value_p <- function(d, se, df, m) ifelse(abs(d) > m, 2 * pt((abs(d) - m) / se, df, lower.tail = FALSE),
    pmax(pt((d + m) / se, df, lower.tail = FALSE), pt((m - d) / se, df, lower.tail = FALSE)))
two_sided <- function(t, df) 2 * pt(-abs(t), df)
cat("claim,difference,shared_sd,df,low,high,low90,high90,p,p_difference,p_holm\n")

# Table 1: our seeds against the printed number, whose spread is the margin.
g <- golden("classification"); p <- published("classification")
models <- rep(c("logistic", "mlp", "cnn", "gru"), each = 2); features <- rep(c("original", "shuffled"), 4)
cell <- function(m, f) sprintf("model=%s features=%s", m, f)
y <- runs(g, cell(models, features), "final_test_accuracy")
f <- shared(apply(y, 1, var), rep(ncol(y) - 1, 8))
row <- p[sprintf("table1-%s-%s", models, features), ]
d <- rowMeans(y) - row$value; se <- sqrt(f$s2 / ncol(y))
write(sprintf("classification-table1-%s-%s", models, features), d, sqrt(f$s2), f$df, se, value_p(d, se, f$df, row$uncertainty),
      two_sided(d / se, f$df))

# Orderings and equalities: paired differences, one family.
pairs <- list("classification-order-cnn-gru" = c("cnn", "original", "gru", "original"), "classification-order-cnn-mlp" = c("cnn", "original", "mlp", "original"),
    "classification-order-gru-mlp" = c("gru", "original", "mlp", "original"), "classification-order-mlp-logistic" = c("mlp", "original", "logistic", "original"),
    "classification-shuffled-mlp-best-cnn" = c("mlp", "shuffled", "cnn", "shuffled"), "classification-shuffled-mlp-best-gru" = c("mlp", "shuffled", "gru", "shuffled"),
    "classification-shuffled-mlp-best-logistic" = c("mlp", "shuffled", "logistic", "shuffled"),
    "classification-shuffle-logistic" = c("logistic", "original", "logistic", "shuffled"), "classification-shuffle-mlp" = c("mlp", "original", "mlp", "shuffled"),
    "classification-shuffle-cnn" = c("cnn", "original", "cnn", "shuffled"), "classification-shuffle-gru" = c("gru", "original", "gru", "shuffled"))
margin <- ifelse(names(pairs) == "classification-shuffle-logistic", 1, ifelse(names(pairs) == "classification-shuffle-mlp", 2, 0))
a <- t(sapply(pairs, function(q) y[models == q[1] & features == q[2], ] - y[models == q[3] & features == q[4], ]))
f <- shared(apply(a, 1, var), rep(ncol(a) - 1, nrow(a)))
d <- rowMeans(a); se <- sqrt(f$s2 / ncol(y))
write(names(pairs), d, sqrt(f$s2), f$df, se, ifelse(margin > 0, value_p(d, se, f$df, margin), two_sided(d / se, f$df)))

# Double descent with label noise: one published run each; the family is the test error of all 67 networks.
g <- golden("double-descent"); p <- published("double-descent")
cells <- unique(g$cell)
y <- runs(g, cells, "test_error")
f <- shared(apply(y, 1, var), rep(ncol(y) - 1, nrow(y)))
i <- grep("model=mlp label-noise=0.15", cells); w <- sub(".*widths=", "", cells[i])
row <- p[sprintf("5b-test-error-%s", w), ]
d <- rowMeans(y[i, ]) - row$value; se <- sqrt(f$s2[i] * (1 + 1 / ncol(y)))
p0 <- two_sided(pmax(abs(d) - row$uncertainty, 0) / se, f$df[i])
u <- row$uncertainty
cat(paste(sprintf("double-descent-5b-test-error-%s", w), g17(d), g17(sqrt(f$s2[i])), g17(f$df[i]), g17(d - qt(0.975, f$df[i]) * se - u),
    g17(d + qt(0.975, f$df[i]) * se + u), g17(d - qt(0.95, f$df[i]) * se - u), g17(d + qt(0.95, f$df[i]) * se + u), g17(p0), g17(p0),
    g17(p.adjust(p0, "holm")), sep = ","), sep = "\n")

# The lottery search: our trials against the mean of two published trials, each with its spread; both are shared, then Welch.
g <- golden("lottery"); p <- published("lottery")
rounds <- 0:99
y <- runs(g, "default", "lottery_test_accuracy", rounds)
f <- shared(apply(y, 1, var), rep(ncol(y) - 1, 100))
row <- p[sprintf("search-lottery-accuracy-%d", rounds), ]
later <- p[sprintf("later-search-lottery-accuracy-%d", rounds), ]
theirs <- shared(c(row$uncertainty, later$uncertainty)^2, rep(1, 200))
v <- f$s2 / ncol(y); u <- theirs$s2[1:100] / 2
df <- (v + u)^2 / (v^2 / f$df + u^2 / theirs$df[1:100])
d <- rowMeans(y) - row$value; se <- sqrt(v + u)
p0 <- two_sided(d / se, df)
write(sprintf("lottery-search-lottery-accuracy-%d", rounds), d, sqrt(f$s2), df, se, value_p(d, se, df, 2), p0, p.adjust(p0, "holm"))
