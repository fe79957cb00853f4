package dev.shadow.forecast.ensemble;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A blend of value histograms, exponential smoothing, the theta method and ARIMA, weighted per distance by how they did
 * on the history.
 *
 * <p>The members: {@code newest} and {@code recent}, the distributions of the last few and of the last dozen values;
 * {@code long}, that of the last season; {@code naive}, the last value; {@code level}, smoothing whose gain is chosen per
 * distance; {@code theta}, {@code ets} and {@code arima}, with a running seasonal profile taken out before; and, if two
 * seasons of history are there, {@code seasonal}, {@code level} around a profile averaged over seasons, and
 * {@code repeated}, around the last season itself. May be shared between threads. Draws nothing at random: the seed is
 * only recorded.
 */
public final class BlendForecaster implements Forecaster {
    private static final String NAME = "blend";

    private BlendForecaster() {}

    /** Returns the method. */
    public static BlendForecaster create() {
        return new BlendForecaster();
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        History history = History.of(series, options);
        int season = history.season();
        if (history.isShort()) {
            return FewValues.fit(history);
        }
        Findings findings = Findings.none();
        Members members = Members.of(history, findings);
        int warmUp = Math.max(history.size() / 3, Math.min(history.size() / 2, 2 * season));
        Blend blend = Blend.fit(members.all(), history.values(), warmUp, members.grid());
        return model(history, blend, findings);
    }

    @Override
    public ForecastModel rebuild(TimeSeries history, FitOptions options, FitSummary summary) throws ForecastException {
        return Rebuilding.rebuild(history, options, summary, NAME, BlendForecaster::rebuilt);
    }

    private static PredictorModel rebuilt(History history, Map<String, Double> parameters) {
        Findings findings = Findings.of(parameters);
        Members members = Members.of(history, findings);
        return model(history, Blend.rebuild(members.all(), history.values(), members.grid(), parameters), findings);
    }

    private static PredictorModel model(History history, Blend blend, Findings findings) {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("season", (double) history.season());
        parameters.putAll(blend.weights());
        parameters.putAll(findings.all());
        return history.model(blend, NAME, parameters);
    }
}
