/**
 * One recurrent network for many series: training it, keeping it in a file, and forecasting one series with it.
 *
 * <p>{@link dev.shadow.forecast.lstm.LstmForecaster} holds a trained network and forecasts any series with it without
 * training; {@link dev.shadow.forecast.lstm.LstmTraining} makes a network from a collection of series.
 */
@NullMarked
package dev.shadow.forecast.lstm;

import org.jspecify.annotations.NullMarked;
