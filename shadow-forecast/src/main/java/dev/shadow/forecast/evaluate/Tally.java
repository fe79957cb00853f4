package dev.shadow.forecast.evaluate;

import dev.shadow.spi.forecast.Forecast;
import java.util.Arrays;
import java.util.OptionalDouble;

/** Sums up forecasts against outcomes. */
final class Tally {
    private final double[] levels;
    private final int middle;
    private final int[] below;
    private int outcomes;
    private int inside;
    private double pinball;
    private double absoluteError;

    Tally(double[] levels) {
        this.levels = levels;
        this.below = new int[levels.length];
        int nearest = 0;
        for (int q = 1; q < levels.length; q++) {
            if (Math.abs(levels[q] - 0.5) < Math.abs(levels[nearest] - 0.5)) {
                nearest = q;
            }
        }
        this.middle = nearest;
    }

    void add(Forecast forecast, double[] values, int origin) {
        for (int h = 0; h < forecast.horizon() && origin + h < values.length; h++) {
            if (!Double.isNaN(values[origin + h])) {
                add(forecast, h, values[origin + h]);
            }
        }
    }

    private void add(Forecast forecast, int h, double outcome) {
        outcomes++;
        double loss = 0;
        for (int q = 0; q < levels.length; q++) {
            double quantile = forecast.quantile(h, q);
            loss += BackTest.pinball(outcome, quantile, levels[q]) / levels.length;
            below[q] += outcome <= quantile ? 1 : 0;
        }
        pinball += (loss - pinball) / outcomes;
        absoluteError += (Math.abs(outcome - forecast.quantile(h, middle)) - absoluteError) / outcomes;
        inside += BackTest.isInside(forecast, h, levels.length, outcome) ? 1 : 0;
    }

    boolean isEmpty() {
        return outcomes == 0;
    }

    BackTestReport report(int origins, double scale) {
        return new BackTestReport(
                origins,
                outcomes,
                pinball,
                absoluteError,
                scale > 0 ? OptionalDouble.of(pinball / scale) : OptionalDouble.empty(),
                scale > 0 ? OptionalDouble.of(absoluteError / scale) : OptionalDouble.empty(),
                Arrays.stream(below)
                        .mapToObj(count -> (double) count / outcomes)
                        .toList(),
                (double) inside / outcomes);
    }
}
