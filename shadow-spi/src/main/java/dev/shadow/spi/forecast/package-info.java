/** Forecasting a regular time series as a distribution for every future step. */
@NullMarked
package dev.shadow.spi.forecast;

import org.jspecify.annotations.NullMarked;
