package dev.shadow.forecast.stream;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.Forecast;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The forecast state of one regular series, moved on in place by each value.
 *
 * <p>The members of {@link dev.shadow.forecast.ensemble.BlendForecaster} in a bounded form: the distributions of the
 * last few, the last dozen, and the last season of values; smoothing without a season; and, with one, smoothing around a
 * profile averaged over seasons and around the last season itself. Their quantiles are averaged with weights that are
 * learnt per distance as outcomes come. When outcomes leave their intervals too often, memory is shortened.
 *
 * <p>An update takes the same time whatever was seen, and makes no garbage. The state takes about 50 KB for a season of
 * 288 steps, and 17 bytes more per step of a longer one. It depends on nothing but the options and the values in their
 * order. Not thread-safe; {@link #copy} gives an independent twin.
 */
public final class DemandStream {
    /** Longest season, in steps. */
    public static final int LONGEST_SEASON = 1 << 17;

    private static final int[] STEPS = {1, 2, 3, 4, 6, 8, 12, 18, 30, 48, 80, 144, 288};
    private static final int[] WEIGHED = {1, 3, 6, 12, 30, 80, 144, 288};
    private static final int MOST_OPEN = 8;
    private static final int MOST_VIEWS = 4;
    private static final int HISTOGRAMS = 3;
    private static final int BUCKETS = 40;
    private static final double NEWEST = 4;
    private static final double RECENT = 12;
    private static final int SLOWEST = 288;
    private static final double AVERAGED = 0.2;
    /** While the season is still strange, outcomes outside are no drift. */
    private static final int STRANGE_SEASONS = 2;

    private static final int STRANGE = 200;
    /** What is left of older values' weight after a drift. */
    private static final float LEFT = 0.3f;

    /** Values inside are at most that large, so that sums and differences of them are finite. */
    private static final double LARGEST = 0x1p1000;

    private static final int DOWN = -24;

    private final Instant start;
    private final Duration step;
    private final FitOptions options;
    private final int season;
    private final Distances distances;
    private final float[] decays;
    private final SketchBank values;
    private final LevelMember[] members;
    private final Mixture mixture;
    private final DriftDetector detector;
    private long time;
    private long present;
    private int exponent;

    private DemandStream(Instant start, Duration step, FitOptions options) {
        this.start = start;
        this.step = step;
        this.options = options;
        season = options.season().orElse(1);
        distances = Distances.of(STEPS, season, MOST_OPEN);
        double longest = season > 1 ? Math.min(season, SLOWEST) : SLOWEST;
        decays = new float[] {decay(NEWEST), decay(RECENT), decay(longest)};
        values = new SketchBank(HISTOGRAMS, BUCKETS);
        double slowGain = 1 / (season > 1 ? season : longest);
        members = new LevelMember[season > 1 ? 3 : 1];
        members[0] = new LevelMember(distances, 1, slowGain, 1);
        if (season > 1) {
            members[1] = new LevelMember(distances, season, slowGain, AVERAGED);
            members[2] = new LevelMember(distances, season, slowGain, 1);
        }
        mixture = new Mixture(Distances.of(WEIGHED, season, MOST_VIEWS), HISTOGRAMS + members.length);
        detector = new DriftDetector();
    }

    private DemandStream(DemandStream other) {
        start = other.start;
        step = other.step;
        options = other.options;
        season = other.season;
        distances = other.distances;
        decays = other.decays;
        values = other.values.copy();
        members = Arrays.stream(other.members).map(LevelMember::copy).toArray(LevelMember[]::new);
        mixture = other.mixture.copy();
        detector = other.detector.copy();
        time = other.time;
        present = other.present;
        exponent = other.exponent;
    }

    private static float decay(double halfLife) {
        return (float) Math.pow(0.5, 1 / halfLife);
    }

    /**
     * Returns a stream that has seen nothing.
     *
     * @param start time of the first value
     * @param step time between two values, more than zero
     * @param options seed, which is only recorded; season, none if it is empty; bounds of the forecasts
     * @throws InvalidValueException if the step is not positive, the season above {@link #LONGEST_SEASON}, or no finite
     *     value lies between the bounds
     */
    public static DemandStream open(Instant start, Duration step, FitOptions options) {
        if (step.isNegative() || step.isZero()) {
            throw new InvalidValueException("step", step.toString(), "be more than zero");
        }
        int season = options.season().orElse(1);
        if (season > LONGEST_SEASON) {
            throw new InvalidValueException("season", Integer.toString(season), "be at most " + LONGEST_SEASON);
        }
        if (!(options.lowerBound() <= Double.MAX_VALUE) || !(options.upperBound() >= -Double.MAX_VALUE)) {
            throw new InvalidValueException(
                    "lowerBound", Double.toString(options.lowerBound()), "leave a finite value below upperBound");
        }
        return new DemandStream(start, step, options);
    }

    /** Returns a stream in the same state that moves on independently of this one. */
    public DemandStream copy() {
        return new DemandStream(this);
    }

    /**
     * Takes the next value.
     *
     * @param value NaN if the sample is missing
     * @throws InvalidValueException if the value is infinite
     */
    public void update(double value) {
        if (Double.isInfinite(value)) {
            throw new InvalidValueException("value", Double.toString(value), "be finite, or NaN for a missing sample");
        }
        double scaled = scaled(value);
        if (!Double.isNaN(value)) {
            take(scaled);
        }
        for (LevelMember member : members) {
            member.observe(scaled, time);
        }
        if (present > 0) {
            view();
        }
        time++;
    }

    private double scaled(double value) {
        if (present == 0) {
            exponent = Math.abs(value) > LARGEST ? DOWN : 0;
        }
        double scaled = exponent == 0 ? value : Math.scalb(value, exponent);
        return Math.abs(scaled) > LARGEST ? Math.copySign(LARGEST, scaled) : scaled;
    }

    private void take(double value) {
        present++;
        Mixture.Verdict verdict = mixture.learn(value, time);
        boolean drifted = present > Math.max(STRANGE, STRANGE_SEASONS * (long) season) && detector.isDrift(verdict);
        for (int k = 0; k < HISTOGRAMS; k++) {
            values.add(k, value, decays[k]);
        }
        if (drifted) {
            values.forget(LEFT);
            mixture.forget(LEFT);
            for (LevelMember member : members) {
                member.forget(LEFT);
            }
        }
    }

    /** Writes down what the members say of distances whose outcome will be compared. */
    private void view() {
        Distances weighed = mixture.distances();
        for (int d = 0; d < weighed.size(); d++) {
            long outcome = time + weighed.step(d);
            if (weighed.isCompared(d, outcome)) {
                view(weighed.step(d), mixture.views(), mixture.place(d, outcome));
            }
        }
    }

    private void view(int h, double[] views, int at) {
        int levels = Mixture.LEVELS.length;
        for (int k = 0; k < HISTOGRAMS; k++) {
            values.quantiles(k, Mixture.LEVELS, views, at + k * levels);
        }
        int d = distances.atOrAbove(h);
        for (int k = 0; k < members.length; k++) {
            int from = at + (HISTOGRAMS + k) * levels;
            members[k].errors().quantiles(d, Mixture.LEVELS, views, from);
            double point = members[k].point(d, h);
            for (int q = from; q < from + levels; q++) {
                views[q] += point;
            }
        }
    }

    /**
     * Forecasts the steps after the last value.
     *
     * @param horizon number of steps, at least 1
     * @param levels quantile levels between 0 and 1, strictly increasing; may be empty
     * @return finite values within the bounds, quantiles that do not cross
     * @throws InvalidValueException if an argument is refused
     * @throws IllegalStateException if no value has been seen
     */
    public Forecast forecast(int horizon, double[] levels) {
        if (horizon < 1) {
            throw new InvalidValueException("horizon", Integer.toString(horizon), "be at least 1");
        }
        if (present == 0) {
            throw new IllegalStateException("no value has been seen yet; update with at least one");
        }
        double[] checked = Forecast.checkLevels(levels.clone());
        double[][] quantiles = new double[horizon][checked.length];
        double[] means = new double[horizon];
        new StreamReading(distances, values, members, mixture, checked).read(quantiles, means);
        for (int i = 0; i < horizon; i++) {
            means[i] = bounded(means[i]);
            for (int q = 0; q < checked.length; q++) {
                quantiles[i][q] = bounded(quantiles[i][q]);
            }
            Arrays.sort(quantiles[i]);
        }
        return Forecast.of(next(), step, means, checked, quantiles);
    }

    private double bounded(double value) {
        double low = Math.max(options.lowerBound(), -Double.MAX_VALUE);
        double high = Math.min(options.upperBound(), Double.MAX_VALUE);
        return Math.max(low, Math.min(high, exponent == 0 ? value : Math.scalb(value, -exponent)));
    }

    /** Time of the first value. */
    public Instant start() {
        return start;
    }

    /** Time between two values. */
    public Duration step() {
        return step;
    }

    /** Time of the value to come. */
    public Instant next() {
        return start.plus(step.multipliedBy(time));
    }

    /** The options; without a season if there is none. */
    public FitOptions options() {
        return options;
    }

    /** Number of values seen, missing ones not counted. */
    public long present() {
        return present;
    }

    /** How often memory was shortened. */
    public long drifts() {
        return detector.drifts();
    }

    /** The state as bytes, in the format of {@code docs/format-stream-state.md}. */
    public byte[] toBytes() {
        return StreamFormat.write(this);
    }

    /**
     * Returns the stream whose state was written by {@link #toBytes}; its forecasts equal those of that stream bit by bit.
     *
     * @throws IOException if the bytes are not a sound state; the message says what is wrong with them
     */
    public static DemandStream fromBytes(byte[] bytes) throws IOException {
        return StreamFormat.read(bytes);
    }

    /** The weight of each member for the median one step ahead, in the order of the class comment. */
    double[] weights() {
        double[] weights = new double[HISTOGRAMS + members.length];
        Arrays.setAll(weights, k -> mixture.weight(k, 0.5, 1));
        return weights;
    }

    /** Writes the part that moves. */
    void write(StateWriter out) {
        out.putLong(time);
        out.putLong(present);
        out.putInt(exponent);
        detector.write(out);
        values.write(out);
        mixture.write(out);
        for (LevelMember member : members) {
            member.write(out);
        }
    }

    /** Takes over what {@link #write} wrote of a stream with the same season. */
    void read(StateReader in) throws IOException {
        time = in.getLong();
        present = in.getLong();
        in.require(time >= 0 && time < 1L << 40, "the number of steps must be from 0 to 2^40, was " + time);
        in.require(present >= 0 && present <= time, "values seen must be from 0 to " + time + ", were " + present);
        exponent = in.getInt();
        in.require(exponent == 0 || exponent == DOWN, "the exponent must be 0 or " + DOWN + ", was " + exponent);
        detector.read(in);
        values.read(in);
        mixture.read(in);
        for (LevelMember member : members) {
            member.read(in);
        }
        in.require(present == 0 || !values.isEmpty(0), "values were seen, but none is kept");
        try {
            next();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IOException("the time of the next value is out of range: " + e.getMessage(), e);
        }
    }
}
