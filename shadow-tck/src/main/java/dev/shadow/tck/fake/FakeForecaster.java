package dev.shadow.tck.fake;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Forecasts that the last value moves on by {@code slope} each step, with quantiles spread evenly over
 * {@code spread} around it; both are set by the test, so that it knows what will be forecast. Immutable.
 */
public final class FakeForecaster implements Forecaster {
    private final double slope;
    private final double spread;

    private FakeForecaster(double slope, double spread) {
        this.slope = slope;
        this.spread = spread;
    }

    /** Forecasts that the last value stays. */
    public static FakeForecaster flat(double spread) {
        return new FakeForecaster(0, spread);
    }

    /** Forecasts that the last value moves on by {@code slope} each step. */
    public static FakeForecaster line(double slope, double spread) {
        return new FakeForecaster(slope, spread);
    }

    @Override
    public ForecastModel fit(TimeSeries series, FitOptions options) throws ForecastException {
        if (series.present() < 1) {
            throw new ForecastException(Retry.PERMANENT, "the series has 0 values that are there, needed is 1");
        }
        FitSummary summary = new FitSummary(
                "fake",
                series.start(),
                series.end(),
                series.present(),
                options.seed(),
                OptionalDouble.empty(),
                Map.of("slope", slope, "spread", spread));
        return new Line(lastOf(series.values(), Double.NaN, slope), series.end(), series.step(), options, summary);
    }

    /** The last value that is there, moved on over the missing ones behind it. */
    private static double lastOf(double[] values, double before, double slope) {
        double last = before;
        for (double value : values) {
            last = Double.isNaN(value) ? last + slope : value;
        }
        return last;
    }

    private final class Line implements ForecastModel {
        private final double last;
        private final Instant next;
        private final Duration step;
        private final FitOptions options;
        private final FitSummary summary;

        Line(double last, Instant next, Duration step, FitOptions options, FitSummary summary) {
            this.last = last;
            this.next = next;
            this.step = step;
            this.options = options;
            this.summary = summary;
        }

        @Override
        public Forecast forecast(int horizon, double[] levels) {
            if (horizon < 1) {
                throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
            }
            double[] mean = new double[horizon];
            double[][] quantiles = new double[horizon][levels.length];
            for (int h = 0; h < horizon; h++) {
                double middle = last + slope * (h + 1);
                mean[h] = within(middle);
                for (int q = 0; q < levels.length; q++) {
                    quantiles[h][q] = within(middle + (levels[q] - 0.5) * spread);
                }
            }
            return Forecast.of(next, step, mean, levels, quantiles);
        }

        private double within(double value) {
            return Math.min(options.upperBound(), Math.max(options.lowerBound(), value));
        }

        @Override
        public ForecastModel update(double[] values) {
            return new Line(
                    lastOf(values, last, slope), next.plus(step.multipliedBy(values.length)), step, options, summary);
        }

        @Override
        public FitSummary summary() {
            return summary;
        }
    }
}
