package dev.shadow.forecast.ensemble;

import java.util.Arrays;

/**
 * The distances at which errors are kept and weights are chosen: dense near, sparse far. Immutable.
 */
public final class HorizonGrid {
    private static final int[] ALL = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 144, 192, 288, 384, 512};

    private final int[] steps;

    private HorizonGrid(int[] steps) {
        this.steps = steps;
    }

    /** Returns the grid up to {@code farthest}, at least 1. */
    public static HorizonGrid upTo(int farthest) {
        int size = 1;
        while (size < ALL.length && ALL[size] <= farthest) {
            size++;
        }
        return new HorizonGrid(Arrays.copyOf(ALL, size));
    }

    /** Number of distances. */
    public int size() {
        return steps.length;
    }

    /** The distance at {@code index}, in steps. */
    public int step(int index) {
        return steps[index];
    }

    /** A copy of all distances. */
    public int[] steps() {
        return steps.clone();
    }

    /** Index of the first distance not below {@code h}, or of the last one. */
    public int atOrAbove(int h) {
        int found = Arrays.binarySearch(steps, h);
        return found >= 0 ? found : Math.min(-found - 1, steps.length - 1);
    }

    /** Index of the distance to interpolate from, where {@code above} is {@link #atOrAbove} of {@code h}. */
    public int below(int above, int h) {
        return steps[above] <= h ? above : above - 1;
    }

    /** How far {@code h} has come from {@code below} to {@code above}, 0 to 1. */
    public double share(int below, int above, int h) {
        return below == above ? 0 : (double) (h - steps[below]) / (steps[above] - steps[below]);
    }
}
