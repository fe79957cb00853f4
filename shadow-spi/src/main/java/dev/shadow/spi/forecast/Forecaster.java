package dev.shadow.spi.forecast;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.metrics.TimeSeries;

/**
 * A method of forecasting.
 *
 * <p>Called by the manager's reconcile pass, on its executor, once per series and refit; calls may
 * overlap. Keeps no state between calls: equal series and options give equal models. It does not read
 * clocks, files or the network, so it takes no time-out and a crash half-way leaves nothing behind.
 */
public interface Forecaster {
    /**
     * Fits a model to a series.
     *
     * @param series the history; missing samples are NaN
     * @throws ForecastException permanent if the series has too few values that are there; the message
     *     says how many are needed
     */
    ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException;

    /**
     * Returns the model of an earlier fit from what its summary says, so that a fit outlives the process that made it.
     * Values behind those of the fit are seen as by {@link ForecastModel#update}.
     *
     * <p>As it stands here, it fits to the same values again and compares what came out with the summary. A method
     * whose fit searches takes what was found from the summary instead.
     *
     * @param history the values from {@link FitSummary#from} to {@link FitSummary#to}; may hold more on both sides
     * @param options those of the fit
     * @param summary what {@link ForecastModel#summary} said
     * @return a model whose forecasts and summary equal those of the fitted one after the same updates
     * @throws ForecastException permanent if the summary is of another method, or not of a fit to this history
     */
    default ForecastModel rebuild(TimeSeries history, FitOptions options, FitSummary summary) throws ForecastException {
        ForecastModel model = fit(summary.fittedPart(history), options);
        if (!model.summary().equals(summary)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "fitted again the model is " + model.summary() + ", not " + summary
                            + " as it should be; give the history and the options of that fit");
        }
        return model.update(summary.laterPart(history));
    }
}
