package dev.shadow.forecast.lstm;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.metrics.TimeSeries;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trains one network on many series: pinball loss at eleven levels and sixteen distances up to 288 steps, gradients
 * through windows of 48 steps, Adam with a rate that rises and falls as a cosine, and an average of the parameters. The
 * last part of each series judges; the average that did best there is the result, and training ends early when it has
 * not become better for a while.
 *
 * <p>Equal series, settings and seed give the same network to the last bit with any number of threads: a batch is cut
 * into parts of 64 windows, each drawn from a seed of its own, and the parts' gradients are added in order. This holds
 * for one kind of kernel; the two kinds differ in the last bits.
 *
 * <p>Immutable and free of state; may be shared between threads.
 */
public final class LstmTraining {
    private static final int PART = 64;
    private static final int CHECKS = 20;
    private static final int PATIENCE = 6;
    private static final int JUDGED_PARTS = 32;
    private static final double WARM_UP = 0.05;

    private final int hidden;
    private final int parts;
    private final int batches;
    private final int season;
    private final int threads;
    private final long seed;
    private final double rate;
    private final double judged;
    private final boolean calendar;
    private final @Nullable LstmNetwork start;
    private final Limit limit;

    /** Says when training has to end although batches are left. */
    @FunctionalInterface
    public interface Limit {
        /** Called between two batches; true ends the training with what is best so far. */
        boolean reached();
    }

    private LstmTraining(Builder builder) {
        hidden = builder.start == null ? builder.hidden : builder.start.hidden();
        calendar = builder.start == null
                ? builder.calendar
                : builder.start.training().calendar();
        parts = builder.batch / PART;
        batches = builder.batches;
        season = builder.season;
        threads = builder.threads;
        seed = builder.seed;
        rate = builder.rate;
        judged = builder.judged;
        start = builder.start;
        limit = builder.limit;
    }

    /** Returns settings that suit five-minute samples. */
    public static Builder builder() {
        return new Builder();
    }

    static boolean allowsHidden(int hidden) {
        return hidden >= 8 && hidden <= LstmNetwork.LARGEST && hidden % 8 == 0;
    }

    /**
     * Trains a network.
     *
     * @param series at regular steps, NaN where missing; those that never change or are shorter than about two hundred
     *     values are left out
     * @throws ForecastException permanent if no series is left
     */
    public LstmNetwork train(List<TimeSeries> series) throws ForecastException {
        TrainingSet set = TrainingSet.of(series, season, judged, calendar);
        if (set.size() == 0) {
            throw new ForecastException(
                    Retry.PERMANENT,
                    "none of " + series.size() + " series varies and is long enough to train on; give a longer one");
        }
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom fresh = random.split();
        Parameters parameters = start == null
                ? Parameters.random(hidden, fresh)
                : start.parameters().copy();
        try (PartRunner runner = new PartRunner(set, parameters, parts, PART, threads)) {
            return train(set, parameters, random, runner);
        }
    }

    private LstmNetwork train(TrainingSet set, Parameters parameters, SplittableRandom random, PartRunner runner) {
        long judgeSeed = random.nextLong();
        long drawSeed = random.nextLong();
        Adam adam = new Adam(parameters);
        Parameters best = parameters.copy();
        double lowest = runner.judge(best, judgeSeed, JUDGED_PARTS);
        int checkEvery = Math.max(1, batches / CHECKS);
        int worse = 0;
        int done = 0;
        while (done < batches && worse < PATIENCE && !limit.reached()) {
            Parameters gradient = runner.gradient(drawSeed, done);
            adam.step(parameters, gradient, rateAt((done + 0.5) / batches));
            done++;
            if (done % checkEvery == 0 || done == batches) {
                double loss = runner.judge(adam.average(), judgeSeed, JUDGED_PARTS);
                worse = loss < lowest ? 0 : worse + 1;
                if (loss < lowest) {
                    lowest = loss;
                    best.set(adam.average());
                }
            }
        }
        long before = start == null ? 0 : start.training().batches();
        return new LstmNetwork(best, new LstmNetwork.Training(calendar, seed, set.size(), before + done, lowest));
    }

    private double rateAt(double progress) {
        return progress < WARM_UP
                ? rate * progress / WARM_UP
                : rate * 0.5 * (1 + Math.cos(Math.PI * (progress - WARM_UP) / (1 - WARM_UP)));
    }

    /** Settings of a training. Not thread-safe. */
    public static final class Builder {
        private int hidden = 32;
        private int batch = 2 * PART;
        private int batches = 3000;
        private int season = 288;
        private int threads = 1;
        private long seed = 1;
        private double rate = 0.004;
        private double judged = 0.15;
        private boolean calendar;
        private @Nullable LstmNetwork start;
        private Limit limit = () -> false;

        private Builder() {}

        /** Cells, a multiple of 8 from 8 to 256; 32 unless set. */
        public Builder hidden(int cells) {
            if (!allowsHidden(cells)) {
                throw new InvalidValueException(
                        "hidden", Integer.toString(cells), "be a multiple of 8 from 8 to " + LstmNetwork.LARGEST);
            }
            hidden = cells;
            return this;
        }

        /** Windows in a batch, a multiple of 64 up to 4096; 128 unless set. */
        public Builder batch(int windows) {
            if (windows < PART || windows > 64 * PART || windows % PART != 0) {
                throw new InvalidValueException(
                        "batch", Integer.toString(windows), "be a multiple of " + PART + " from 64 to 4096");
            }
            batch = windows;
            return this;
        }

        /** Batches at most, at least 1; 3000 unless set. */
        public Builder batches(int most) {
            batches = inRange("batches", most, 1, 10_000_000);
            return this;
        }

        /** Steps in a season, 1 for none; 288 unless set. Series shorter than two of them are taken as without. */
        public Builder season(int steps) {
            season = inRange("season", steps, 1, 1_000_000);
            return this;
        }

        /** Threads, 1 to 64; 1 unless set. More than a batch has parts of 64 windows are of no use. */
        public Builder threads(int count) {
            threads = inRange("threads", count, 1, 64);
            return this;
        }

        /** Everything random is drawn from it; 1 unless set. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Largest step of Adam, above 0 and at most 1; 0.004 unless set. Less is wise when training goes on. */
        public Builder rate(double largest) {
            if (!(largest > 0 && largest <= 1)) {
                throw new InvalidValueException("rate", Double.toString(largest), "be above 0 and at most 1");
            }
            rate = largest;
            return this;
        }

        /** Share of each series, from its end, that judges and does not train: 0.01 to 0.5; 0.15 unless set. */
        public Builder judged(double share) {
            if (!(share >= 0.01 && share <= 0.5)) {
                throw new InvalidValueException("judged", Double.toString(share), "be from 0.01 to 0.5");
            }
            judged = share;
            return this;
        }

        /**
         * Whether the network heeds time of day and week, in UTC; off unless set. Of use only where the series' times
         * are real, in training and later.
         */
        public Builder calendar(boolean heeded) {
            calendar = heeded;
            return this;
        }

        /** Goes on from a trained network, with its cells and its use of the calendar, instead of a random one. */
        public Builder startFrom(LstmNetwork network) {
            start = network;
            return this;
        }

        /** Ends training early. Where it depends on a clock, so does the result. */
        public Builder limit(Limit end) {
            limit = end;
            return this;
        }

        /** Returns the training. */
        public LstmTraining build() {
            return new LstmTraining(this);
        }

        private static int inRange(String field, int value, int min, int max) {
            if (value < min || value > max) {
                throw new InvalidValueException(field, Integer.toString(value), "be from " + min + " to " + max);
            }
            return value;
        }
    }
}
