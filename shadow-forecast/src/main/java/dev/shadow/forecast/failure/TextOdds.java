package dev.shadow.forecast.failure;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The log-odds of failure among the rows with each text of one column, drawn to those of all rows as if by
 * {@value #PRIOR_ROWS} more of them. A text that was never seen has the odds of all. Immutable.
 */
final class TextOdds {
    private static final int PRIOR_ROWS = 300;
    private static final int FOLDS = 5;

    final Map<String, Double> odds;
    final double ofAll;

    TextOdds(Map<String, Double> odds, double ofAll) {
        this.odds = Map.copyOf(odds);
        this.ofAll = ofAll;
    }

    double of(String text) {
        return odds.getOrDefault(text, ofAll);
    }

    static TextOdds learn(HealthTable table, int column) {
        return learn(table, column, IntStream.range(0, table.size()).toArray());
    }

    /** By row, the odds among the units of other folds: what a row's own outcome has not shaped. */
    static double[] ofOtherFolds(HealthTable table, int column, long seed) {
        int[] fold = new int[table.size()];
        for (int row = 0; row < fold.length; row++) {
            fold[row] = UnitDraw.of(seed, -1, table.unit(row), FOLDS);
        }
        double[] result = new double[table.size()];
        for (int f = 0; f < FOLDS; f++) {
            int held = f;
            int[] others = IntStream.range(0, fold.length)
                    .filter(row -> fold[row] != held)
                    .toArray();
            TextOdds odds = learn(table, column, others);
            for (int row = 0; row < fold.length; row++) {
                if (fold[row] == held) {
                    result[row] = odds.of(table.text(row, column));
                }
            }
        }
        return result;
    }

    private static TextOdds learn(HealthTable table, int column, int[] rows) {
        Map<String, int[]> counts = new HashMap<>();
        int[] total = new int[2];
        for (int row : rows) {
            if (table.outcome(row) != Outcome.UNKNOWN) {
                int failed = table.outcome(row) == Outcome.FAILED ? 1 : 0;
                counts.computeIfAbsent(table.text(row, column), t -> new int[2])[failed]++;
                total[failed]++;
            }
        }
        // Half a row on either side, so that neither is empty.
        double base = (total[1] + 0.5) / (total[0] + total[1] + 1);
        Map<String, Double> odds = new HashMap<>();
        counts.forEach((text, n) ->
                odds.put(text, Math.log((n[1] + PRIOR_ROWS * base) / (n[0] + PRIOR_ROWS * (1 - base)))));
        return new TextOdds(odds, Math.log(base / (1 - base)));
    }
}
