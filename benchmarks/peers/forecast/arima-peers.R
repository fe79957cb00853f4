# Times R's arima on the cases of a data directory; one line per case on standard output.
# Rscript arima-peers.R DIRECTORY fixed
library(jsonlite)
args <- commandArgs(trailingOnly = TRUE)
directory <- args[1]
cpu <- function(expression) {
  call <- substitute(expression); frame <- parent.frame()
  eval(call, frame)
  runs <- 0; start <- proc.time()
  repeat {
    eval(call, frame); runs <- runs + 1
    spent <- sum((proc.time() - start)[1:2])
    if (spent > 0.2 || runs >= 50) break
  }
  1000 * spent / runs
}
if (args[2] == "fixed") {
  for (case in fromJSON(file.path(directory, "reference-arima.json"), simplifyVector = FALSE)$cases) {
    y <- vapply(case$values, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)
    drift <- if (case$include_drift) cbind(drift = seq_along(y)) else NULL
    time <- tryCatch(cpu(stats::arima(y, order = unlist(case$order),
      seasonal = list(order = unlist(case$seasonal), period = case$period), include.mean = case$include_mean,
      xreg = drift, method = "ML")), error = function(e) NA)
    cat(case$name, time, "\n", sep = "\t")
  }
}
