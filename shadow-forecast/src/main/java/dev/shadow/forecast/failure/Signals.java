package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns health readings into columns for trees: the age, each number, its change since the unit's reading before and
 * since its first, and for each text the logarithm of the odds of failure among the rows that had it, drawn to the
 * average as if by 1000 more rows. Nothing looks ahead of the row.
 */
final class Signals {
    private static final double PRIOR_ROWS = 1000;

    final List<String> numbers;
    final List<String> texts;
    final List<Map<String, Double>> odds;
    final double baseOdds;

    Signals(List<String> numbers, List<String> texts, List<Map<String, Double>> odds, double baseOdds) {
        this.numbers = numbers;
        this.texts = texts;
        this.odds = odds;
        this.baseOdds = baseOdds;
    }

    static Signals learn(HealthTable table) {
        double[] total = new double[2];
        List<Map<String, double[]>> counts = new ArrayList<>();
        table.textNames().forEach(n -> counts.add(new HashMap<>()));
        for (int row = 0; row < table.size(); row++) {
            if (table.outcome(row) == Outcome.UNKNOWN) {
                continue;
            }
            int failed = table.outcome(row) == Outcome.FAILED ? 1 : 0;
            total[failed]++;
            for (int c = 0; c < counts.size(); c++) {
                counts.get(c).computeIfAbsent(table.text(row, c), t -> new double[2])[failed]++;
            }
        }
        if (total[0] == 0 || total[1] == 0) {
            throw new InvalidValueException(
                    "outcomes",
                    (int) total[1] + " failed, " + (int) total[0] + " healthy",
                    "have at least one failed and one healthy row");
        }
        double base = total[1] / (total[0] + total[1]);
        List<Map<String, Double>> odds = new ArrayList<>();
        for (Map<String, double[]> count : counts) {
            Map<String, Double> column = new HashMap<>();
            count.forEach((text, n) ->
                    column.put(text, Math.log((n[1] + PRIOR_ROWS * base) / (n[0] + PRIOR_ROWS * (1 - base)))));
            odds.add(column);
        }
        return new Signals(table.numberNames(), table.textNames(), odds, Math.log(base / (1 - base)));
    }

    List<String> names() {
        List<String> names = new ArrayList<>(List.of("age_h"));
        names.addAll(numbers);
        numbers.forEach(n -> names.add("change of " + n + " since the last reading"));
        numbers.forEach(n -> names.add("change of " + n + " since the first reading"));
        names.addAll(texts);
        return names;
    }

    /** Returns values by column and row. */
    double[][] columns(HealthTable table) {
        if (!table.numberNames().equals(numbers) || !table.textNames().equals(texts)) {
            throw new InvalidValueException(
                    "columns", table.numberNames() + " and " + table.textNames(), "be " + numbers + " and " + texts);
        }
        int n = numbers.size();
        double[][] x = new double[1 + 3 * n + texts.size()][table.size()];
        int[] order = IntStream.range(0, table.size())
                .boxed()
                .sorted(Comparator.<Integer, String>comparing(table::unit).thenComparing(table::ageHours))
                .mapToInt(i -> i)
                .toArray();
        double[] first = new double[n];
        for (int i = 0; i < order.length; i++) {
            int row = order[i];
            int last = i > 0 && table.unit(order[i - 1]).equals(table.unit(row)) ? order[i - 1] : -1;
            if (last < 0) {
                Arrays.fill(first, Double.NaN);
            }
            x[0][row] = table.ageHours(row);
            for (int c = 0; c < n; c++) {
                double value = table.number(row, c);
                x[1 + c][row] = value;
                x[1 + n + c][row] = last < 0 ? Double.NaN : value - table.number(last, c);
                x[1 + 2 * n + c][row] = value - first[c];
                first[c] = Double.isNaN(first[c]) ? value : first[c];
            }
            for (int c = 0; c < texts.size(); c++) {
                x[1 + 3 * n + c][row] = odds.get(c).getOrDefault(table.text(row, c), baseOdds);
            }
        }
        return x;
    }
}
