package dev.shadow.forecast.stream;

import java.io.IOException;
import java.util.Arrays;

/**
 * Several small decayed distributions in one block of memory, each of at most {@code capacity} buckets.
 *
 * <p>A bucket is an interval with a weight that lies evenly in it; a value seen several times is an interval without
 * width, so that a machine which jumps between a few values keeps its atoms. A new value weighs 1 and all older ones
 * lose a share. When there is no room, the two neighbours are joined whose union moves the distribution least (in
 * Wasserstein's first distance), in the manner of Ben-Haim and Tom-Tov (Journal of Machine Learning Research 11, 2010).
 * Quantiles are read with the weight of the value to come, as
 * {@link dev.shadow.forecast.conformal.DecayedSample} reads them, and equal it as long as no buckets were joined
 * and weights are not decayed. Adding costs one pass over the buckets. Not thread-safe.
 */
final class SketchBank {
    /** Lighter buckets are dropped. */
    private static final float LIGHTEST = 1f / 512;

    private final int capacity;
    private final double[] low;
    private final double[] high;
    private final float[] weight;
    private final byte[] sizes;

    SketchBank(int count, int capacity) {
        this.capacity = capacity;
        low = new double[count * capacity];
        high = new double[count * capacity];
        weight = new float[count * capacity];
        sizes = new byte[count];
    }

    private SketchBank(SketchBank other) {
        capacity = other.capacity;
        low = other.low.clone();
        high = other.high.clone();
        weight = other.weight.clone();
        sizes = other.sizes.clone();
    }

    SketchBank copy() {
        return new SketchBank(this);
    }

    /** Number of distributions. */
    int count() {
        return sizes.length;
    }

    boolean isEmpty(int sketch) {
        return sizes[sketch] == 0;
    }

    /** Adds a finite value to one distribution after its older ones were multiplied by {@code decay}. */
    void add(int sketch, double value, float decay) {
        int from = sketch * capacity;
        int end = decayed(from, sizes[sketch], decay);
        int at = from;
        while (at < end && high[at] < value) {
            at++;
        }
        if (at < end && low[at] <= value) {
            weight[at] += 1;
        } else {
            end = inserted(at, end, value);
        }
        if (end - from == capacity) {
            end = joined(from, end);
        }
        sizes[sketch] = (byte) (end - from);
    }

    private int decayed(int from, int size, float decay) {
        int end = from;
        for (int i = from; i < from + size; i++) {
            float left = weight[i] * decay;
            if (left >= LIGHTEST) {
                low[end] = low[i];
                high[end] = high[i];
                weight[end] = left;
                end++;
            }
        }
        return end;
    }

    private int inserted(int at, int end, double value) {
        for (int i = end; i > at; i--) {
            low[i] = low[i - 1];
            high[i] = high[i - 1];
            weight[i] = weight[i - 1];
        }
        low[at] = value;
        high[at] = value;
        weight[at] = 1;
        return end + 1;
    }

    private int joined(int from, int end) {
        int best = from;
        double least = Double.POSITIVE_INFINITY;
        for (int i = from; i + 1 < end; i++) {
            double cost = cost(i);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        high[best] = high[best + 1];
        weight[best] += weight[best + 1];
        for (int i = best + 1; i + 1 < end; i++) {
            low[i] = low[i + 1];
            high[i] = high[i + 1];
            weight[i] = weight[i + 1];
        }
        return end - 1;
    }

    /** Weight times the distance by which it moves: half the triangles between the quantiles before and after. */
    private double cost(int i) {
        double border = low[i] + (high[i + 1] - low[i]) * (weight[i] / (weight[i] + weight[i + 1]));
        return weight[i] * Math.abs(border - high[i]) + weight[i + 1] * Math.abs(border - low[i + 1]);
    }

    /** Multiplies all weights, so that what comes counts for more. */
    void forget(float share) {
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= share;
        }
    }

    /** The weighted mean; 0 if nothing was seen. */
    double mean(int sketch) {
        int from = sketch * capacity;
        double weights = 0;
        double mean = 0;
        for (int i = from; i < from + sizes[sketch]; i++) {
            weights += weight[i];
            double middle = low[i] + (high[i] - low[i]) / 2;
            mean += (middle - mean) * (weight[i] / weights);
        }
        return mean;
    }

    /** Writes the quantiles at {@code levels} to {@code out} from {@code offset} on; all 0 if nothing was seen. */
    void quantiles(int sketch, double[] levels, double[] out, int offset) {
        int from = sketch * capacity;
        int end = from + sizes[sketch];
        if (from == end) {
            Arrays.fill(out, offset, offset + levels.length, 0);
            return;
        }
        double total = 1;
        for (int i = from; i < end; i++) {
            total += weight[i];
        }
        int level = 0;
        double below = 0.5;
        double position = 0;
        double value = low[from];
        for (int i = from; i < end && level < levels.length; i++) {
            double margin = Math.min(weight[i], 1) / 2;
            double first = (below + margin) / total;
            double last = (below + weight[i] - margin) / total;
            while (level < levels.length && levels[level] <= last) {
                double wanted = levels[level];
                out[offset + level++] = wanted <= first
                        ? between(value, low[i], position, first, wanted)
                        : between(low[i], high[i], first, last, wanted);
            }
            below += weight[i];
            position = last;
            value = high[i];
        }
        Arrays.fill(out, offset + level, offset + levels.length, value);
    }

    private static double between(double a, double b, double from, double to, double at) {
        if (a == b || to <= from) {
            return b;
        }
        double share = (at - from) / (to - from);
        return a * (1 - share) + b * share;
    }

    void write(StateWriter out) {
        for (int sketch = 0; sketch < sizes.length; sketch++) {
            int from = sketch * capacity;
            out.putByte(sizes[sketch]);
            for (int i = from; i < from + sizes[sketch]; i++) {
                out.putDouble(low[i]);
                out.putDouble(high[i]);
                out.putFloat(weight[i]);
            }
        }
    }

    void read(StateReader in) throws IOException {
        for (int sketch = 0; sketch < sizes.length; sketch++) {
            int from = sketch * capacity;
            int size = in.integer("buckets", in.getByte(), 0, capacity - 1);
            double before = Double.NEGATIVE_INFINITY;
            for (int i = from; i < from + size; i++) {
                low[i] = in.finite("bucket", in.getDouble());
                high[i] = in.finite("bucket", in.getDouble());
                weight[i] = (float) in.inside("weight", in.getFloat(), 0, 1e9);
                in.require(low[i] > before && high[i] >= low[i], "buckets are not in order");
                before = high[i];
            }
            sizes[sketch] = (byte) size;
        }
    }
}
