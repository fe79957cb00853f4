package dev.shadow.forecast.stream;

import java.util.Arrays;

/**
 * Some distances ahead, and where forecasts of each wait for their outcome. Between distances is interpolated.
 *
 * <p>Of a far distance only every {@code k}-th outcome is compared, since neighbours resemble each other, so that few
 * forecasts of any distance are open at a time. Distances near a multiple of the season move a quarter of a season on,
 * where the last value does not look like a seasonal forecast. Immutable.
 */
final class Distances {
    /** Steps after which what was learnt counts half. */
    private static final double MEMORY = 600;

    private final int[] steps;
    private final int[] spacing;
    private final int[] slots;
    private final int[] first;
    private final double[] decays;
    private final int places;

    private Distances(int[] steps, int mostOpen) {
        this.steps = steps;
        spacing = new int[steps.length];
        slots = new int[steps.length];
        first = new int[steps.length];
        decays = new double[steps.length];
        int sum = 0;
        for (int d = 0; d < steps.length; d++) {
            spacing[d] = (steps[d] + mostOpen - 1) / mostOpen;
            slots[d] = (steps[d] + spacing[d] - 1) / spacing[d];
            decays[d] = Math.pow(0.5, spacing[d] / MEMORY);
            first[d] = sum;
            sum += slots[d];
        }
        places = sum;
    }

    /** Returns distances, strictly increasing from 1, of each of which at most {@code mostOpen} forecasts are open. */
    static Distances of(int[] steps, int season, int mostOpen) {
        int[] moved =
                Arrays.stream(steps).map(step -> awayFromSeason(step, season)).toArray();
        for (int d = 1; d < moved.length; d++) {
            moved[d] = Math.max(moved[d], moved[d - 1] + 1);
        }
        return new Distances(moved, mostOpen);
    }

    private static int awayFromSeason(int step, int season) {
        int multiple = (step + season / 2) / season * season;
        boolean close = season >= 4 && multiple > 0 && 8 * Math.abs(step - multiple) < season;
        return close ? multiple + season / 4 : step;
    }

    /** Number of distances. */
    int size() {
        return steps.length;
    }

    int step(int d) {
        return steps[d];
    }

    /** Index of the first distance not below {@code h}, or of the last one. */
    int atOrAbove(int h) {
        int d = 0;
        while (d < steps.length - 1 && steps[d] < h) {
            d++;
        }
        return d;
    }

    /** Index of the distance to interpolate from, where {@code above} is {@link #atOrAbove} of {@code h}. */
    int below(int above, int h) {
        return steps[above] <= h ? above : above - 1;
    }

    /** How far {@code h} has come from {@code below} to {@code above}, 0 to 1. */
    double share(int below, int above, int h) {
        return below == above ? 0 : (double) (h - steps[below]) / (steps[above] - steps[below]);
    }

    /** Number of places in which forecasts wait. */
    int places() {
        return places;
    }

    /** What is left, when an outcome at distance {@code d} is compared, of the weight of those before. */
    double decay(int d) {
        return decays[d];
    }

    /** Whether the outcome at {@code time} is compared with a forecast made {@code d} before. */
    boolean isCompared(int d, long time) {
        return time % spacing[d] == 0;
    }

    /** The place of the forecast at distance {@code d} whose outcome comes at {@code time}. */
    int place(int d, long time) {
        return first[d] + (int) (time / spacing[d] % slots[d]);
    }
}
