package dev.shadow.spi.forecast;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.internal.Checks;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a model was fitted on and what came out, enough to rebuild it: {@link Forecaster#rebuild}.
 *
 * @param method name of the method
 * @param from time of the first value used
 * @param to first step after the last value used
 * @param samples values used, missing ones not counted, at least 0
 * @param seed the seed
 * @param logLikelihood of the fitted model, where the method has one
 * @param parameters fitted parameters by name, in the order of the map
 */
public record FitSummary(
        String method,
        Instant from,
        Instant to,
        int samples,
        long seed,
        OptionalDouble logLikelihood,
        Map<String, Double> parameters) {
    public FitSummary {
        Checks.text("method", method, 100);
        Checks.present("from", from);
        Checks.present("to", to);
        Checks.range("samples", samples, 0, Integer.MAX_VALUE);
        Checks.present("logLikelihood", logLikelihood);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(Checks.present("parameters", parameters)));
    }

    /**
     * The values of a history that the model was fitted to.
     *
     * @throws ForecastException permanent if the history does not hold them at its steps
     */
    public TimeSeries fittedPart(TimeSeries history) throws ForecastException {
        int first = index(history, from);
        double[] values = Arrays.copyOfRange(history.values(), first, index(history, to));
        return TimeSeries.of(from, history.step(), values);
    }

    /**
     * The values of a history that follow those that the model was fitted to.
     *
     * @throws ForecastException permanent if the history does not reach to them, or not at its steps
     */
    public double[] laterPart(TimeSeries history) throws ForecastException {
        return Arrays.copyOfRange(history.values(), index(history, to), history.size());
    }

    private int index(TimeSeries history, Instant time) throws ForecastException {
        boolean outside = time.isBefore(history.start()) || time.isAfter(history.end()) || from.isAfter(to);
        long index = outside ? 0 : Duration.between(history.start(), time).dividedBy(history.step());
        if (outside || !history.timeOf((int) index).equals(time)) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "the model was fitted to the values from " + from + " to " + to + ", and the history from "
                            + history.start() + " to " + history.end() + " every " + history.step()
                            + " does not hold them");
        }
        return (int) index;
    }
}
