package dev.shadow.forecast.lstm;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A series as a trained network sees it: the values within its reach, and the series' scale. Immutable.
 *
 * <p>Inside, values are multiplied by a power of two chosen at the fit, so that differences of huge values stay finite.
 */
public final class LstmModel implements ForecastModel {
    private static final double LARGEST = 0x1p900;
    private static final int DOWN = -160;

    private final LstmForecaster forecaster;
    private final FitSummary summary;
    private final FitOptions options;
    private final Duration step;
    private final Instant next;
    private final int exponent;
    private final int season;
    private final double[] tail;
    private final int filled;
    private final SeasonalScale scale;
    private final double latest;

    private LstmModel(
            LstmForecaster forecaster,
            FitSummary summary,
            FitOptions options,
            Duration step,
            Instant next,
            int exponent,
            int season,
            Tail tail) {
        this.forecaster = forecaster;
        this.summary = summary;
        this.options = options;
        this.step = step;
        this.next = next;
        this.exponent = exponent;
        this.season = season;
        this.tail = tail.values;
        this.filled = tail.filled;
        this.scale = tail.scale;
        this.latest = tail.latest;
    }

    /** The moving part of a model while values are added. */
    private static final class Tail {
        private final int season;
        private final int reach;
        private double[] values;
        private int filled;
        private SeasonalScale scale;
        private double latest;

        private Tail(int season, double[] values, int filled, SeasonalScale scale, double latest, int more) {
            this.season = season;
            this.reach = WindowReader.reach(season);
            this.values = Arrays.copyOf(values, Math.max(values.length, filled) + more);
            this.filled = filled;
            this.scale = scale;
            this.latest = latest;
        }

        private void add(double value) {
            double before = filled >= season ? values[filled - season] : Double.NaN;
            scale = scale.and(value, before, season);
            latest = Double.isNaN(value) ? latest : value;
            values[filled++] = value;
        }

        private Tail cut() {
            int keep = Math.min(filled, reach);
            values = Arrays.copyOfRange(values, filled - keep, filled);
            filled = keep;
            return this;
        }
    }

    static LstmModel of(LstmForecaster forecaster, TimeSeries series, FitOptions options, int season, int present) {
        int exponent = exponentFor(series);
        Tail tail = new Tail(season, new double[0], 0, SeasonalScale.NONE, 0, series.size());
        for (int t = 0; t < series.size(); t++) {
            tail.add(scaled(series.value(t), exponent));
        }
        return new LstmModel(
                forecaster,
                summary(forecaster.network(), series, options, season, present),
                options,
                series.step(),
                series.end(),
                exponent,
                season,
                tail.cut());
    }

    private static FitSummary summary(
            LstmNetwork network, TimeSeries series, FitOptions options, int season, int present) {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("season", (double) season);
        parameters.put("hidden", (double) network.hidden());
        parameters.put("trainingSeed", (double) network.training().seed());
        parameters.put("trainingSeries", (double) network.training().series());
        parameters.put("trainingBatches", (double) network.training().batches());
        return new FitSummary(
                "lstm", series.start(), series.end(), present, options.seed(), OptionalDouble.empty(), parameters);
    }

    private static int exponentFor(TimeSeries series) {
        double largest = 0;
        for (int t = 0; t < series.size(); t++) {
            double size = Math.abs(series.value(t));
            largest = size > largest ? size : largest;
        }
        return largest > LARGEST ? DOWN : 0;
    }

    private static double scaled(double value, int exponent) {
        double scaled = Math.scalb(value, exponent);
        return Math.abs(scaled) > LARGEST ? Math.copySign(LARGEST, scaled) : scaled;
    }

    @Override
    public LstmModel update(double[] values) {
        Tail moved = new Tail(season, tail, filled, scale, latest, values.length);
        for (int i = 0; i < values.length; i++) {
            if (Double.isInfinite(values[i])) {
                throw new InvalidValueException(
                        "values[" + i + "]", Double.toString(values[i]), "be finite, or NaN for a missing sample");
            }
            moved.add(scaled(values[i], exponent));
        }
        Instant end = next.plus(step.multipliedBy(values.length));
        return new LstmModel(forecaster, summary, options, step, end, exponent, season, moved.cut());
    }

    @Override
    public Forecast forecast(int horizon, double[] levels) {
        if (horizon < 1) {
            throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
        }
        double[] checked = Forecast.checkLevels(levels.clone());
        WindowReader reader = new WindowReader();
        reader.open(tail, filled, season, scale.value(), latest);
        double[] raw = forecaster.inference().run(window(reader));
        double[] means = new double[horizon];
        double[][] quantiles = new double[horizon][checked.length];
        QuantileHead head = new QuantileHead();
        StepOutputs outputs = new StepOutputs(raw);
        double[][] anchors = new double[QuantileHead.ANCHORS][QuantileHead.LEVEL_COUNT];
        double[] row = new double[QuantileHead.LEVEL_COUNT];
        for (int h = 0; h < horizon; h++) {
            reader.anchors(h + 1, anchors);
            head.quantiles(outputs.at(h + 1), 0, anchors, reader.spread(), row);
            means[h] = bounded(row[QuantileHead.LEVEL_COUNT / 2]);
            for (int q = 0; q < checked.length; q++) {
                quantiles[h][q] = bounded(LevelCurve.at(row, checked[q]));
            }
            Arrays.sort(quantiles[h]);
        }
        return Forecast.of(next, step, means, checked, quantiles);
    }

    private Windows window(WindowReader reader) {
        Windows window = new Windows(1);
        reader.write(window, 0);
        if (forecaster.network().training().calendar()) {
            double end = next.getEpochSecond() + next.getNano() * 1e-9;
            WindowReader.writeCalendar(window, 0, end, TrainingSet.seconds(step));
        }
        return window;
    }

    private double bounded(double value) {
        double low = Math.max(options.lowerBound(), -Double.MAX_VALUE);
        double high = Math.min(options.upperBound(), Double.MAX_VALUE);
        return Math.max(low, Math.min(high, Math.scalb(value, -exponent)));
    }

    @Override
    public FitSummary summary() {
        return summary;
    }
}
