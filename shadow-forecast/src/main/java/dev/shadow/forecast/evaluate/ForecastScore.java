package dev.shadow.forecast.evaluate;

import dev.shadow.spi.forecast.Forecast;

/** Sums over some steps of one forecast. */
final class ForecastScore {
    private final Levels levels;
    final int[] below;
    final int[] covered;
    final double[] intervalScore;
    int outcomes;
    int inside;
    double pinball;
    double absoluteError;
    double smape;
    double naiveError;
    double naiveSmape;
    double magnitude;
    double headroom;

    ForecastScore(Levels levels) {
        this.levels = levels;
        this.below = new int[levels.values.length];
        this.covered = new int[levels.intervals.size()];
        this.intervalScore = new double[levels.intervals.size()];
    }

    /** Adds step {@code h}, counted from 0, beside what the benchmark said. */
    void add(Forecast forecast, int h, double outcome, double naive) {
        outcomes++;
        double loss = 0;
        for (int q = 0; q < below.length; q++) {
            double quantile = forecast.quantile(h, q);
            loss += pinball(outcome, quantile, levels.values[q]);
            below[q] += outcome <= quantile ? 1 : 0;
        }
        pinball += loss / below.length;
        for (int i = 0; i < covered.length; i++) {
            addInterval(i, forecast, h, outcome);
        }
        inside += outcome >= forecast.quantile(h, 0) && outcome <= forecast.quantile(h, below.length - 1) ? 1 : 0;
        double point = forecast.quantile(h, levels.middle);
        absoluteError += Math.abs(outcome - point);
        naiveError += Math.abs(outcome - naive);
        smape += smape(outcome, point);
        naiveSmape += smape(outcome, naive);
        magnitude += Math.abs(outcome);
        headroom += levels.safe < 0 ? 0 : forecast.quantile(h, levels.safe) - outcome;
    }

    private void addInterval(int i, Forecast forecast, int h, double outcome) {
        Levels.Interval interval = levels.intervals.get(i);
        double low = forecast.quantile(h, interval.low());
        double high = forecast.quantile(h, interval.high());
        double missed = Math.max(0, Math.max(low - outcome, outcome - high));
        covered[i] += missed == 0 ? 1 : 0;
        intervalScore[i] += high - low + 2 / interval.alpha() * missed;
    }

    /** The pinball loss of one quantile (Koenker and Bassett, Econometrica 46, 1978). */
    static double pinball(double outcome, double quantile, double level) {
        double miss = outcome - quantile;
        return Math.max(level * miss, (level - 1) * miss);
    }

    private static double smape(double outcome, double point) {
        double sum = Math.abs(outcome) + Math.abs(point);
        return sum > 0 ? 200 * Math.abs(outcome - point) / sum : 0;
    }
}
