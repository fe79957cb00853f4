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

    /**
     * Returns the grid up to about {@code farthest}.
     *
     * <p>At a full season the last value looks as good as a seasonal forecast, which says nothing about the distances
     * around it. Distances within an eighth of a multiple of the season therefore move a quarter of a season on.
     *
     * @param farthest the distance not to exceed before such a move, at least 1
     * @param season steps in one season, at least 1; 1 for none
     */
    public static HorizonGrid upTo(int farthest, int season) {
        return new HorizonGrid(Arrays.stream(ALL)
                .filter(step -> step <= Math.max(1, farthest))
                .map(step -> awayFromSeason(step, season))
                .sorted()
                .distinct()
                .toArray());
    }

    private static int awayFromSeason(int step, int season) {
        int multiple = (step + season / 2) / season * season;
        boolean close = season >= 4 && multiple > 0 && 8 * Math.abs(step - multiple) < season;
        return close ? multiple + season / 4 : step;
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
