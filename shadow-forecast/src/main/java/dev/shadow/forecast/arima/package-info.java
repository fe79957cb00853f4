/** Seasonal ARIMA models with regressors: exact maximum likelihood, order search and forecasting. */
@NullMarked
package dev.shadow.forecast.arima;

import org.jspecify.annotations.NullMarked;
