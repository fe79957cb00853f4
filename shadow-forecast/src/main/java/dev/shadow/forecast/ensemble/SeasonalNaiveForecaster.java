package dev.shadow.forecast.ensemble;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Map;

/** Repeats the last season: the baseline that every other method has to beat. May be shared between threads. */
public final class SeasonalNaiveForecaster implements Forecaster {
    private SeasonalNaiveForecaster() {}

    /** Returns the baseline. */
    public static SeasonalNaiveForecaster create() {
        return new SeasonalNaiveForecaster();
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        History history = History.of(series, options);
        SeasonalNaive predictor = SeasonalNaive.of(history.season());
        for (double value : history.values()) {
            predictor.observe(value);
        }
        return history.model(predictor, "seasonal-naive", Map.of("season", (double) history.season()));
    }
}
