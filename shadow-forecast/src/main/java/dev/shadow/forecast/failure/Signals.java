package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns health readings into columns for trees: age, readings missing, every {@link Aspect} of each number, and the odds
 * of failure that go with each text. Columns that are constant or equal to an earlier one where the model is learned are
 * left out. Immutable.
 */
final class Signals {
    final List<String> numbers;
    final List<String> texts;
    final List<Signal> used;
    final List<TextOdds> odds;

    Signals(List<String> numbers, List<String> texts, List<Signal> used, List<TextOdds> odds) {
        this.numbers = numbers;
        this.texts = texts;
        this.used = List.copyOf(used);
        this.odds = List.copyOf(odds);
    }

    /** Signals with the columns of the table that they were learned from. */
    static final class Learned {
        final Signals signals;
        final double[][] columns;

        private Learned(Signals signals, double[][] columns) {
            this.signals = signals;
            this.columns = columns;
        }
    }

    /** In the columns, a row's odds of a text are those among the units of other folds. */
    static Learned learn(HealthTable table, long seed) {
        List<TextOdds> odds = new ArrayList<>();
        for (int c = 0; c < table.textNames().size(); c++) {
            odds.add(TextOdds.learn(table, c));
        }
        Signals all = new Signals(table.numberNames(), table.textNames(), every(table), odds);
        double[][] columns = all.columns(table);
        for (int i = 0; i < columns.length; i++) {
            Signal signal = all.used.get(i);
            if (signal.aspect() == Aspect.ODDS_OF_TEXT) {
                columns[i] = TextOdds.ofOtherFolds(table, signal.source(), seed);
            }
        }
        List<Signal> used = new ArrayList<>();
        List<double[]> kept = new ArrayList<>();
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < columns.length; i++) {
            double[] column = columns[i];
            boolean constant = Arrays.stream(column).allMatch(x -> Double.compare(x, column[0]) == 0);
            boolean repeated =
                    !hashes.add(Arrays.hashCode(column)) && kept.stream().anyMatch(k -> Arrays.equals(k, column));
            if (!constant && !repeated) {
                used.add(all.used.get(i));
                kept.add(column);
            }
        }
        Signals learned = new Signals(all.numbers, all.texts, used, odds);
        return new Learned(learned, kept.toArray(double[][]::new));
    }

    private static List<Signal> every(HealthTable table) {
        List<Signal> signals = new ArrayList<>();
        for (Aspect aspect : Aspect.values()) {
            List<String> sources = aspect.sources(table.numberNames(), table.textNames());
            for (int i = 0; i < sources.size(); i++) {
                signals.add(new Signal(aspect, i, sources.get(i)));
            }
        }
        return signals;
    }

    /**
     * Returns values by column and row. A unit's earlier rows in the table are its past.
     *
     * @throws InvalidValueException if the table lacks a number or text that this was learned from
     */
    double[][] columns(HealthTable table) {
        int[] number = places("numbers", numbers, table.numberNames());
        int[] text = places("texts", texts, table.textNames());
        double[][] x = new double[used.size()][table.size()];
        Past[] pasts = new Past[numbers.size()];
        Arrays.setAll(pasts, c -> new Past());
        int[] order = byUnitAndAge(table);
        for (int i = 0; i < order.length; i++) {
            int row = order[i];
            boolean fresh = i == 0 || !table.unit(order[i - 1]).equals(table.unit(row));
            int missing = 0;
            for (int c = 0; c < pasts.length; c++) {
                if (fresh) {
                    pasts[c].forget();
                }
                pasts[c].read(table.number(row, number[c]));
                missing += Double.isNaN(table.number(row, number[c])) ? 1 : 0;
            }
            for (int s = 0; s < x.length; s++) {
                Signal signal = used.get(s);
                int c = signal.source();
                x[s][row] = switch (signal.aspect()) {
                    case AGE -> table.ageHours(row);
                    case MISSING -> missing;
                    case ODDS_OF_TEXT -> odds.get(c).of(table.text(row, text[c]));
                    default -> pasts[c].of(signal.aspect(), table.number(row, number[c]));
                };
            }
        }
        return x;
    }

    private static int[] places(String field, List<String> names, List<String> ofTable) {
        return names.stream()
                .mapToInt(name -> {
                    int at = ofTable.indexOf(name);
                    if (at < 0) {
                        throw new InvalidValueException(field, ofTable.toString(), "hold " + name);
                    }
                    return at;
                })
                .toArray();
    }

    private static int[] byUnitAndAge(HealthTable table) {
        return IntStream.range(0, table.size())
                .boxed()
                .sorted(Comparator.<Integer, String>comparing(table::unit).thenComparing(table::ageHours))
                .mapToInt(i -> i)
                .toArray();
    }
}
