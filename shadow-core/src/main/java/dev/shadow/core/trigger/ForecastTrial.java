package dev.shadow.core.trigger;

import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastAccuracy;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tries a quantile of a forecaster on the past of a series, from origins spread over its later half. The model is fitted
 * on what lies before the first origin and updated at the others, so that one fit is the cost.
 */
public final class ForecastTrial {
    private final double level;
    private int origins;
    private int outcomes;
    private int below;
    private int notAbove;
    private double loss;
    private double baselineLoss;

    private ForecastTrial(double level) {
        this.level = level;
    }

    /**
     * Returns how the quantile did; empty if the series, without what is missing in front, is too short for so many
     * origins behind its first quarter, or
     * the forecaster refuses it.
     *
     * @param level level of the quantile
     * @param horizon steps ahead, at least 1
     * @param origins how many origins, at least 1
     */
    public static Optional<ForecastAccuracy> run(
            Forecaster forecaster, FitOptions options, TimeSeries series, double level, int horizon, int origins) {
        int before = missingInFront(series);
        double[] values = Arrays.copyOfRange(series.values(), before, series.size());
        int room = values.length - horizon - values.length / 4;
        if (room < origins) {
            return Optional.empty();
        }
        int spacing = Math.max(1, Math.min(values.length / 2, room) / origins);
        int first = values.length - horizon - spacing * (origins - 1);
        try {
            ForecastTrial trial = new ForecastTrial(level);
            ForecastModel model = forecaster.fit(
                    TimeSeries.of(series.timeOf(before), series.step(), Arrays.copyOf(values, first)), options);
            for (int origin = first; origin <= values.length - horizon; origin += spacing) {
                if (origin > first) {
                    model = model.update(Arrays.copyOfRange(values, origin - spacing, origin));
                }
                trial.judge(model.forecast(horizon, new double[] {level}), values, origin);
            }
            return trial.accuracy();
        } catch (ForecastException e) {
            return Optional.empty();
        }
    }

    private static int missingInFront(TimeSeries series) {
        int missing = 0;
        while (missing < series.size() && Double.isNaN(series.value(missing))) {
            missing++;
        }
        return missing;
    }

    private void judge(Forecast forecast, double[] values, int origin) {
        double baseline = quantile(values, origin);
        int before = outcomes;
        for (int h = 0; h < forecast.horizon(); h++) {
            double outcome = values[origin + h];
            if (!Double.isNaN(outcome) && !Double.isNaN(baseline)) {
                double quantile = forecast.quantile(h, 0);
                outcomes++;
                below += outcome < quantile ? 1 : 0;
                notAbove += outcome <= quantile ? 1 : 0;
                loss += pinball(outcome - quantile);
                baselineLoss += pinball(outcome - baseline);
            }
        }
        origins += outcomes > before ? 1 : 0;
    }

    /** The least of the values before the origin that has at least the share {@code level} not above it. */
    private double quantile(double[] values, int origin) {
        double[] known = Arrays.stream(values, 0, origin)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return known.length == 0 ? Double.NaN : known[Math.max(0, (int) Math.ceil(level * known.length) - 1)];
    }

    private double pinball(double miss) {
        return Math.max(level * miss, (level - 1) * miss);
    }

    private Optional<ForecastAccuracy> accuracy() {
        return outcomes == 0
                ? Optional.empty()
                : Optional.of(new ForecastAccuracy(
                        origins,
                        outcomes,
                        level,
                        (double) below / outcomes,
                        (double) notAbove / outcomes,
                        loss / outcomes,
                        baselineLoss / outcomes));
    }
}
