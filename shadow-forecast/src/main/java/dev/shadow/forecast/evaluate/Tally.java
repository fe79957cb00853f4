package dev.shadow.forecast.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Sums up forecasts over some steps, in a size that does not grow with their number. Owned by one thread. */
final class Tally {
    private final Levels levels;
    private final long[] below;
    private final long[] covered;
    private final double[] msis;
    private int last;
    private int forecasts;
    private int scaled;
    private int compared;
    private long outcomes;
    private long inside;
    private double pinball;
    private double absoluteError;
    private double smape;
    private double naiveSmape;
    private double mase;
    private double naiveMase;
    private double scaledPinball;
    private double logRelativeError;
    private double magnitude;
    private double headroom;

    Tally(Levels levels) {
        this.levels = levels;
        this.below = new long[levels.values.length];
        this.covered = new long[levels.intervals.size()];
        this.msis = new double[levels.intervals.size()];
    }

    /** Adds a forecast whose farthest step is {@code step}; a scale that is not above 0 counts as none. */
    void add(ForecastScore score, int step, double scale) {
        if (score.outcomes == 0) {
            return;
        }
        double n = score.outcomes;
        last = Math.max(last, step);
        forecasts++;
        outcomes += score.outcomes;
        inside += score.inside;
        pinball += score.pinball / n;
        absoluteError += score.absoluteError / n;
        smape += score.smape / n;
        naiveSmape += score.naiveSmape / n;
        magnitude += score.magnitude / n;
        headroom += score.headroom / n;
        if (score.absoluteError > 0 && score.naiveError > 0) {
            compared++;
            logRelativeError += Math.log(score.absoluteError / score.naiveError);
        }
        for (int q = 0; q < below.length; q++) {
            below[q] += score.below[q];
        }
        for (int i = 0; i < covered.length; i++) {
            covered[i] += score.covered[i];
            msis[i] += scale > 0 ? score.intervalScore[i] / n / scale : 0;
        }
        if (scale > 0) {
            scaled++;
            mase += score.absoluteError / n / scale;
            naiveMase += score.naiveError / n / scale;
            scaledPinball += score.pinball / n / scale;
        }
    }

    void add(Tally other) {
        last = Math.max(last, other.last);
        forecasts += other.forecasts;
        scaled += other.scaled;
        compared += other.compared;
        outcomes += other.outcomes;
        inside += other.inside;
        pinball += other.pinball;
        absoluteError += other.absoluteError;
        smape += other.smape;
        naiveSmape += other.naiveSmape;
        mase += other.mase;
        naiveMase += other.naiveMase;
        scaledPinball += other.scaledPinball;
        logRelativeError += other.logRelativeError;
        magnitude += other.magnitude;
        headroom += other.headroom;
        Arrays.setAll(below, q -> below[q] + other.below[q]);
        Arrays.setAll(covered, i -> covered[i] + other.covered[i]);
        Arrays.setAll(msis, i -> msis[i] + other.msis[i]);
    }

    boolean isEmpty() {
        return forecasts == 0;
    }

    /** The figures of the steps from {@code first} to the farthest that was added. */
    Accuracy accuracy(int first) {
        return new Accuracy(
                new StepRange(first, last),
                forecasts,
                forecasts - scaled,
                outcomes,
                pinball / forecasts,
                absoluteError / forecasts,
                smape / forecasts,
                ratio(mase, scaled),
                ratio(scaledPinball, scaled),
                owa(),
                compared > 0 ? OptionalDouble.of(Math.exp(logRelativeError / compared)) : OptionalDouble.empty(),
                ratio(2 * pinball, magnitude),
                intervals(),
                Arrays.stream(below)
                        .mapToObj(count -> (double) count / outcomes)
                        .toList(),
                (double) inside / outcomes,
                levels.safe < 0 ? OptionalDouble.empty() : ratio(headroom, magnitude));
    }

    private OptionalDouble owa() {
        return naiveMase > 0 && naiveSmape > 0
                ? OptionalDouble.of((mase / naiveMase + smape / naiveSmape) / 2)
                : OptionalDouble.empty();
    }

    private List<IntervalAccuracy> intervals() {
        List<IntervalAccuracy> all = new ArrayList<>();
        for (int i = 0; i < covered.length; i++) {
            all.add(new IntervalAccuracy(
                    1 - levels.intervals.get(i).alpha(), (double) covered[i] / outcomes, ratio(msis[i], scaled)));
        }
        return all;
    }

    private static OptionalDouble ratio(double sum, double count) {
        return count > 0 ? OptionalDouble.of(sum / count) : OptionalDouble.empty();
    }
}
