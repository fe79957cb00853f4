# Rscript reference.R > reference.json   (R 4.2.2, package forecast 8.20)
suppressMessages({library(forecast); library(jsonlite)})
series <- list(lh = lh, LakeHuron = LakeHuron, Nile = Nile, WWWusage = WWWusage, USAccDeaths = USAccDeaths,
               UKgas = log(UKgas), AirPassengers = AirPassengers)
models <- list(c("ANN", FALSE), c("AAN", FALSE), c("AAN", TRUE), c("ANA", FALSE), c("AAA", FALSE), c("AAA", TRUE))
case <- function(name) {
  x <- series[[name]]
  m <- frequency(x)
  used <- Filter(function(s) (substr(s[1], 3, 3) == "A") == (m > 1), models)
  fits <- lapply(used, function(s) {
    f <- ets(x, model = s[1], damped = as.logical(s[2]), bounds = "usual")
    list(model = s[1], damped = as.logical(s[2]), loglik = f$loglik, aicc = f$aicc,
         mean = as.numeric(forecast(f, h = 8)$mean))
  })
  list(name = name, period = m, values = as.numeric(x), theta = as.numeric(thetaf(x, h = 8)$mean), ets = fits)
}
cat(toJSON(list(cases = lapply(names(series), case)), digits = 12, auto_unbox = TRUE))
