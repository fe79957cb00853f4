package dev.shadow.spi.forecast;

import dev.shadow.spi.internal.Checks;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a model was fitted on and what came out, enough to fit it again.
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
}
