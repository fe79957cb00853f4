package dev.shadow.forecast.conformal;

import java.util.Arrays;

/**
 * An empirical distribution of the last observations in which an observation weighs half as much as one that
 * is a half-life younger.
 *
 * <p>Its quantiles are those of conformal prediction under weighted, non-exchangeable observations (Barber,
 * Candès, Ramdas, Tibshirani, "Conformal prediction beyond exchangeability", Annals of Statistics 51, 2023):
 * the observation to come takes part with the weight of a fresh one. With weights {@code w_i} in ascending order
 * of value, {@code W} their sum and a fresh weight of 1, the value {@code i} is the quantile at
 * {@code (w_1 + ... + w_(i-1) + w_i / 2 + 1 / 2) / (W + 1)}, straight lines lie between, and outside the extremes
 * hold. With equal weights that is {@code i / (n + 1)}.
 *
 * <p>Values are kept sorted, so that adding one costs two binary searches and a short block move, and reading
 * any number of quantiles is one pass. Not thread-safe; {@link #copy} gives an independent twin.
 */
public final class DecayedSample {
    private static final double[] QUARTILES = {0.25, 0.75};

    private final double[] weightByAge;
    private final double[] sorted;
    private final int[] ordinals;
    private final double[] ring;
    private int size;
    private int next;

    private DecayedSample(double[] weightByAge, double[] sorted, int[] ordinals, double[] ring, int size, int next) {
        this.weightByAge = weightByAge;
        this.sorted = sorted;
        this.ordinals = ordinals;
        this.ring = ring;
        this.size = size;
        this.next = next;
    }

    /**
     * Returns an empty sample.
     *
     * @param halfLife number of observations after which a weight has halved, more than 0; positive infinity weighs
     *     all equally
     * @param capacity how many observations are kept, at least 1; the oldest leaves first
     */
    public static DecayedSample of(double halfLife, int capacity) {
        if (!(halfLife > 0) || capacity < 1) {
            throw new IllegalArgumentException(
                    "halfLife must be above 0 and capacity at least 1, were " + halfLife + " and " + capacity);
        }
        double[] weightByAge = new double[capacity];
        for (int age = 0; age < capacity; age++) {
            weightByAge[age] = Math.pow(0.5, age / halfLife);
        }
        return new DecayedSample(weightByAge, new double[capacity], new int[capacity], new double[capacity], 0, 0);
    }

    /** Returns a sample with the same content that changes independently of this one. */
    public DecayedSample copy() {
        return new DecayedSample(weightByAge, sorted.clone(), ordinals.clone(), ring.clone(), size, next);
    }

    /** Number of observations held. */
    public int size() {
        return size;
    }

    /** Adds a finite value; if the sample is full, its oldest value leaves. */
    public void add(double value) {
        int slot = next % ring.length;
        if (size == ring.length) {
            remove(ring[slot]);
        }
        int at = upperBound(value);
        System.arraycopy(sorted, at, sorted, at + 1, size - at);
        System.arraycopy(ordinals, at, ordinals, at + 1, size - at);
        sorted[at] = value;
        ordinals[at] = next;
        ring[slot] = value;
        size++;
        next++;
    }

    /** Equal values stand in order of age, so the oldest of them is the first. */
    private void remove(double value) {
        int at = lowerBound(value);
        System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
        System.arraycopy(ordinals, at + 1, ordinals, at, size - at - 1);
        size--;
    }

    private int upperBound(double value) {
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] <= value) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    private int lowerBound(double value) {
        int low = 0;
        int high = size;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] < value) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /** The weighted mean, 0 for an empty sample. */
    public double mean() {
        double weights = 0;
        double mean = 0;
        for (int i = 0; i < size; i++) {
            double weight = weightByAge[next - 1 - ordinals[i]];
            weights += weight;
            mean += (sorted[i] - mean) * (weight / weights);
        }
        return mean;
    }

    /** The distance between the quartiles, 0 for an empty sample. */
    public double spread() {
        double[] quartiles = new double[QUARTILES.length];
        quantiles(QUARTILES, quartiles);
        return quartiles[1] - quartiles[0];
    }

    /**
     * Writes the quantiles at {@code levels}, strictly increasing, to {@code out}. An empty sample gives 0.
     */
    public void quantiles(double[] levels, double[] out) {
        if (size == 0) {
            Arrays.fill(out, 0, levels.length, 0);
            return;
        }
        double total = 1;
        for (int i = 0; i < size; i++) {
            total += weightByAge[next - 1 - ordinals[i]];
        }
        int level = 0;
        double below = 0.5;
        double lastPosition = 0;
        for (int i = 0; i < size && level < levels.length; i++) {
            double weight = weightByAge[next - 1 - ordinals[i]];
            double position = (below + weight / 2) / total;
            while (level < levels.length && levels[level] <= position) {
                out[level] =
                        i == 0 ? sorted[0] : between(i, (levels[level] - lastPosition) / (position - lastPosition));
                level++;
            }
            below += weight;
            lastPosition = position;
        }
        Arrays.fill(out, level, levels.length, sorted[size - 1]);
    }

    private double between(int i, double share) {
        return sorted[i - 1] == sorted[i] ? sorted[i] : sorted[i - 1] * (1 - share) + sorted[i] * share;
    }
}
