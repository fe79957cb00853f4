/** Forecasts of demand and of host failure, from time series. */
@NullMarked
package dev.shadow.forecast;

import org.jspecify.annotations.NullMarked;
