package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The hazard of failure in the next period, given health signals: bags of gradient-boosted trees, averaged on the scale
 * of log-odds and calibrated on the units that each bag did not see. Rows of a unit are its discrete-time risk set; a
 * row of unknown outcome leaves it. Immutable, may be shared between threads; equal tables and options give equal bits
 * with any number of threads.
 */
public final class FailureModel {
    private static final int LEAST_FAILURES_TO_CALIBRATE = 10;

    final FailureOptions options;
    final Signals signals;
    final List<List<Tree>> bags;
    final Platt platt;
    final int generation;

    FailureModel(FailureOptions options, Signals signals, List<List<Tree>> bags, Platt platt, int generation) {
        this.options = options;
        this.signals = signals;
        this.bags = bags;
        this.platt = platt;
        this.generation = generation;
    }

    /**
     * Learns a model.
     *
     * @throws InvalidValueException unless the table has at least one failed and one healthy row
     */
    public static FailureModel fit(HealthTable table, FailureOptions options) {
        Signals signals = Signals.learn(table);
        List<List<Tree>> none = new ArrayList<>();
        IntStream.range(0, options.bags()).forEach(b -> none.add(List.of()));
        return new FailureModel(options, signals, none, new Platt(0, 1), 0).boosted(table, options.rounds());
    }

    /**
     * Boosts further on newer readings with the known outcomes, a quarter of the first rounds, and calibrates anew if they hold at least 10
     * failures. Texts that were not there at first keep the average odds. Cost: that of fitting the new table alone.
     */
    public FailureModel refit(HealthTable newer) {
        Signals.learn(newer);
        return boosted(newer, Math.max(1, options.rounds() / 4));
    }

    /** Number of refits since the first fit. */
    public int refits() {
        return generation - 1;
    }

    /** The options that it was learned with. */
    public FailureOptions options() {
        return options;
    }

    /**
     * Judges every row, in the order of the table. A unit's earlier rows in the table serve as its history.
     *
     * @param mostReasons reasons at most for each risk, 0 for none
     * @throws InvalidValueException if the columns are not those that the model was learned from
     */
    public List<FailureRisk> judge(HealthTable table, int mostReasons) {
        if (mostReasons < 0) {
            throw new InvalidValueException("mostReasons", Integer.toString(mostReasons), "not be negative");
        }
        double[][] columns = signals.columns(table);
        List<String> names = signals.names();
        List<FailureRisk> risks = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            double[] shares = new double[columns.length];
            double margin = signals.baseOdds;
            for (List<Tree> bag : bags) {
                for (Tree tree : bag) {
                    margin += (mostReasons > 0
                                    ? tree.explain(columns, row, shares)
                                    : tree.margin(columns, row))
                            / bags.size();
                }
            }
            if (mostReasons > 0) {
                for (double share : shares) {
                    margin += share / bags.size();
                }
            }
            risks.add(new FailureRisk(
                    table.unit(row),
                    table.ageHours(row),
                    platt.probability(margin),
                    reasons(table, columns, row, shares, names, mostReasons)));
        }
        return risks;
    }

    /** Writes the model: magic, version, length, content, CRC-32C. The stream stays open. */
    public void save(OutputStream out) throws IOException {
        FailureModelFormat.write(this, out);
    }

    /**
     * Reads a model that {@link #save} wrote.
     *
     * @throws IOException if it is cut, damaged or of an unknown version
     */
    public static FailureModel load(InputStream in) throws IOException {
        return FailureModelFormat.read(in);
    }

    private FailureModel boosted(HealthTable table, int rounds) {
        double[][] columns = signals.columns(table);
        List<List<Tree>> grown =
                new Bagging(table, columns, options).grow(bags, signals.baseOdds, rounds, generation);
        List<List<Tree>> all = new ArrayList<>();
        for (int b = 0; b < options.bags(); b++) {
            List<Tree> trees = new ArrayList<>(bags.get(b));
            trees.addAll(grown.get(b));
            all.add(List.copyOf(trees));
        }
        return new FailureModel(options, signals, List.copyOf(all), calibrate(table, columns, all), generation + 1);
    }

    private Platt calibrate(HealthTable table, double[][] columns, List<List<Tree>> all) {
        double[] margins = new double[table.size()];
        boolean[] failed = new boolean[table.size()];
        int count = 0;
        int failures = 0;
        for (int row = 0; row < table.size(); row++) {
            double sum = 0;
            int unseeing = 0;
            for (int b = 0; b < all.size() && table.outcome(row) != Outcome.UNKNOWN; b++) {
                if (!Bagging.sees(options, b, table.unit(row))) {
                    unseeing++;
                    for (Tree tree : all.get(b)) {
                        sum += tree.margin(columns, row);
                    }
                }
            }
            if (unseeing > 0) {
                margins[count] = signals.baseOdds + sum / unseeing;
                failed[count] = table.outcome(row) == Outcome.FAILED;
                failures += failed[count++] ? 1 : 0;
            }
        }
        return failures < LEAST_FAILURES_TO_CALIBRATE
                ? platt
                : Platt.fit(Arrays.copyOf(margins, count), Arrays.copyOf(failed, count));
    }

    private List<Reason> reasons(
            HealthTable table, double[][] columns, int row, double[] shares, List<String> names, int most) {
        int firstText = columns.length - signals.texts.size();
        return IntStream.range(0, most == 0 ? 0 : shares.length)
                .filter(c -> shares[c] != 0)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -Math.abs(shares[c])))
                .limit(most)
                .map(c -> {
                    double odds = platt.slope() * shares[c] / bags.size();
                    double value = c < firstText ? columns[c][row] : Double.NaN;
                    String shown = c < firstText
                            ? Double.isNaN(value) ? "not known" : String.format(Locale.ROOT, "%.6g", value)
                            : table.text(row, c - firstText);
                    String text = String.format(
                            Locale.ROOT,
                            "%s is %s: %s the odds %.1f times",
                            names.get(c),
                            shown,
                            odds > 0 ? "raises" : "lowers",
                            Math.exp(Math.abs(odds)));
                    return new Reason(names.get(c), value, odds, text);
                })
                .toList();
    }
}
