# Numbers that tests/check_inference.c compares with, made once by R 4.2.2 with limma 3.54 (Debian: r-bioc-limma):
#     Rscript tests/oracle/inference.R >tests/oracle/inference.csv
# Columns: function, a, b, c (arguments, empty where there is none), value; for families, "squeeze" rows: a is the number of
# the family, b the row in it, c what (1 s2, 2 df, 3 moderated variance, 4 its total df, 5 prior variance, 6 prior df).
suppressPackageStartupMessages(library(limma))
out <- function(name, a, b, c, value) cat(sprintf("%s,%s,%s,%s,%.17g\n", name, a, b, c, value), sep = "")
g <- function(x) sprintf("%.17g", x)
cat("function,a,b,c,value\n")
for (x in c(0.01, 0.5, 1, 1.5, 2, 3.7, 10, 14.9, 15, 100, 12345.6)) {
    out("log_gamma", g(x), "", "", lgamma(x)); out("digamma", g(x), "", "", digamma(x)); out("trigamma", g(x), "", "", trigamma(x))
}
for (y in c(1e-8, 1e-4, 0.01, 0.5, 1, 2, 10, 1e4, 1e8)) out("trigamma_inverse", g(y), "", "", trigammaInverse(y))
for (df in c(1, 2, 2.5, 3, 7.3, 10, 30, 100, 1000, 1e6, Inf)) {
    for (t in c(-5, -0.3, 0, 0.01, 0.5, 1, 2, 4.3, 12.7, 40)) {
        out("t_upper", g(t), g(df), "", pt(t, df, lower.tail = FALSE)); out("t_two_sided", g(t), g(df), "", 2 * pt(-abs(t), df))
    }
    for (p in c(0.001, 0.025, 0.05, 0.3, 0.5, 0.9, 0.95, 0.975, 0.999)) out("t_quantile", g(p), g(df), "", qt(p, df))
}
set.seed(1)
families <- list(list(rchisq(40, 2) / 2 * 0.7, rep(2, 40)), list(rchisq(12, 4) / 4 * rchisq(12, 6) / 6, rep(4, 12)),
                 list(c(rchisq(20, 3) / 3, 0, 0), c(rep(3, 22))), list(rep(0.5, 5), rep(2, 5)), list(c(0.1, 3), c(1, 1)),
                 list(exp(rnorm(30, 0, 2)), sample(1:9, 30, TRUE)))
for (k in seq_along(families)) {
    s2 <- families[[k]][[1]]; df <- families[[k]][[2]]
    fit <- suppressWarnings(squeezeVar(s2, df))
    total <- pmin(df + fit$df.prior, sum(df))
    for (i in seq_along(s2)) {
        out("squeeze", k, i, 1, s2[i]); out("squeeze", k, i, 2, df[i]); out("squeeze", k, i, 3, fit$var.post[i]); out("squeeze", k, i, 4, total[i])
        out("squeeze", k, i, 5, fit$var.prior); out("squeeze", k, i, 6, fit$df.prior)
    }
}
p <- c(0.001, 0.8, 0.03, 0.03, 0.012, 1, 0.2, 0.0005, 0.5, 0.04)
for (i in seq_along(p)) {
    out("p", i, "", "", p[i]); out("holm", i, "", "", p.adjust(p, "holm")[i]); out("BH", i, "", "", p.adjust(p, "BH")[i])
    out("BY", i, "", "", p.adjust(p, "BY")[i])
}
# Two one-sided tests by hand: difference, standard error 1, margin; df 5
for (d in c(-1.5, 0, 0.4, 2)) for (m in c(0.5, 1, 3))
    out("equivalence", g(d), g(m), 5, max(pt((d + m), 5, lower.tail = FALSE), pt((m - d), 5, lower.tail = FALSE)))
# Power at the 95 % quantile of t, by adaptive integration: low, high, df
power <- function(low, high, df) {
    t <- qt(0.95, df)
    end <- if (is.infinite(low) || is.infinite(high)) Inf else max(0, (high - low) / (2 * t))
    integrate(function(w) (pnorm(high - t * w) - pnorm(low + t * w)) * 2 * df * w * dchisq(df * w^2, df), 0, end, rel.tol = 1e-10, subdivisions = 5000)$value
}
for (df in c(1, 2, 3.5, 10, 50)) for (high in c(0, 2.5, 6)) {
    out("power", "", g(high), g(df), power(-Inf, high, df)); out("power", g(-3), g(high), g(df), power(-3, high, df))
}
for (k in c(0, 1, 7, 20)) for (p in c(0.05, 0.4)) out("binomial", k, 20, g(p), binom.test(k, 20, p)$p.value)
out("binomial", 30, 536, g(0.05), binom.test(30, 536, 0.05)$p.value)
