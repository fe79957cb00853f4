package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/** A fitted ARIMA model that moves on: the state of its filter, and the course of a season outside of it. Immutable. */
final class ArimaModel implements ForecastModel {
    private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

    private final @Nullable OnlineFilter state;
    private final ArimaSpecification specification;
    private final double[] regression;
    private final double variance;
    private final double[] course;
    private final Scale scale;
    private final FitSummary summary;
    private final FitOptions options;
    private final Duration step;
    private final Instant next;
    private final int length;
    private final int seen;

    private ArimaModel(
            @Nullable OnlineFilter state,
            ArimaSpecification specification,
            double[] regression,
            double variance,
            double[] course,
            Scale scale,
            FitSummary summary,
            FitOptions options,
            Duration step,
            Instant next,
            int length,
            int seen) {
        this.state = state;
        this.specification = specification;
        this.regression = regression;
        this.variance = variance;
        this.course = course;
        this.scale = scale;
        this.summary = summary;
        this.options = options;
        this.step = step;
        this.next = next;
        this.length = length;
        this.seen = seen;
    }

    static ArimaModel of(
            ArimaFit fit,
            double[] course,
            Scale scale,
            FitSummary summary,
            FitOptions options,
            TimeSeries series,
            int length) {
        return new ArimaModel(
                fit.online(),
                fit.specification(),
                fit.regression(),
                fit.variance(),
                course,
                scale,
                summary,
                options,
                series.step(),
                series.end(),
                length,
                0);
    }

    /** A model that repeats the one value there was. */
    static ArimaModel constant(Scale scale, FitSummary summary, FitOptions options, TimeSeries series) {
        ArimaSpecification nothing = new ArimaSpecification(ArimaOrder.of(0, 0, 0), false, false);
        return new ArimaModel(
                null,
                nothing,
                new double[0],
                0,
                new double[] {0},
                scale,
                summary,
                options,
                series.step(),
                series.end(),
                0,
                0);
    }

    @Override
    public Forecast forecast(int horizon, double[] levels) {
        if (horizon < 1) {
            throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
        }
        double[] checked = Forecast.checkLevels(levels.clone());
        double[] normal =
                Arrays.stream(checked).map(NORMAL::inverseCumulativeProbability).toArray();
        double[] means = new double[horizon];
        double[][] quantiles = new double[horizon][checked.length];
        double[] path = state == null ? new double[horizon] : state.path(horizon);
        double[] variances = state == null ? new double[horizon] : state.variances(horizon);
        for (int h = 0; h < horizon; h++) {
            double mean = state == null ? 0 : path[h] + deterministic(seen + h);
            double deviation = Math.sqrt(Math.max(0, variances[h] * variance));
            means[h] = bounded(scale.undone(mean));
            for (int q = 0; q < checked.length; q++) {
                quantiles[h][q] = bounded(scale.undone(mean + deviation * normal[q]));
            }
            Arrays.sort(quantiles[h]);
        }
        return Forecast.of(next, step, means, checked, quantiles);
    }

    private double deterministic(int index) {
        double[] row = new double[regression.length];
        specification.fill(length + index, row);
        return course[index % course.length] + Vectors.dot(row, regression);
    }

    private double bounded(double value) {
        double low = Math.max(options.lowerBound(), -Double.MAX_VALUE);
        double high = Math.min(options.upperBound(), Double.MAX_VALUE);
        return Math.max(low, Math.min(high, value));
    }

    @Override
    public ArimaModel update(double[] values) {
        OnlineFilter moved = state == null ? null : state.copy();
        for (int i = 0; i < values.length; i++) {
            if (Double.isInfinite(values[i])) {
                throw new InvalidValueException(
                        "values[" + i + "]", Double.toString(values[i]), "be finite, or NaN for a missing sample");
            }
            if (moved != null) {
                moved.observe(scale.applied(values[i]) - deterministic(seen + i));
            }
        }
        return new ArimaModel(
                moved,
                specification,
                regression,
                variance,
                course,
                scale,
                summary,
                options,
                step,
                next.plus(step.multipliedBy(values.length)),
                length,
                seen + values.length);
    }

    @Override
    public FitSummary summary() {
        return summary;
    }
}
