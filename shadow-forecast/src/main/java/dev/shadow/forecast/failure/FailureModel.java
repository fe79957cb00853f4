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
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The hazard of failure in the next period, given health signals and their past.
 *
 * <p>The rows of a unit are its discrete-time risk set: one for each period that it entered alive. A row of unknown
 * outcome leaves the set, that is, it is censored. Two ensembles learn the hazard, one of trees boosted on the logistic
 * loss and one of deep trees each on a sample of its own; they err in different ways, and their sum ranks better than
 * either. Weights and probabilities are fitted on units that the judging trees had not seen.
 *
 * <p>Immutable, may be shared between threads. Equal tables and options give equal models, whatever the executor.
 */
public final class FailureModel {
    final Signals signals;
    final Ensemble boosted;
    final Ensemble forest;
    final Calibration calibration;
    final AlarmCurve alarms;
    final FittedOn fittedOn;

    FailureModel(
            Signals signals,
            Ensemble boosted,
            Ensemble forest,
            Calibration calibration,
            AlarmCurve alarms,
            FittedOn fittedOn) {
        this.signals = signals;
        this.boosted = boosted;
        this.forest = forest;
        this.calibration = calibration;
        this.alarms = alarms;
        this.fittedOn = fittedOn;
    }

    /** Learns a model in the calling thread; see {@link #fit(HealthTable, FailureOptions, Executor)}. */
    public static FailureModel fit(HealthTable table, FailureOptions options) {
        return fit(table, options, Runnable::run);
    }

    /**
     * Learns a model. Each bag of trees is a task of its own, and the calling thread waits for them all.
     *
     * @throws InvalidValueException unless the table has at least one failed and one healthy row
     */
    public static FailureModel fit(HealthTable table, FailureOptions options, Executor executor) {
        return new FailureFit(table, options).fit(executor);
    }

    /** What it was learned from, and how well that went. */
    public FittedOn fittedOn() {
        return fittedOn;
    }

    /** What each threshold would have done among the units it was learned from. */
    public AlarmCurve alarms() {
        return alarms;
    }

    /**
     * Judges every row, in the order of the table. A unit's earlier rows in the table serve as its past, so a unit
     * should come with all of its readings.
     *
     * @param mostReasons reasons at most for each risk, 0 for none
     * @throws InvalidValueException if the table lacks a column that the model was learned from; others are passed over
     */
    public List<FailureRisk> judge(HealthTable table, int mostReasons) {
        if (mostReasons < 0) {
            throw new InvalidValueException("mostReasons", Integer.toString(mostReasons), "not be negative");
        }
        double[][] columns = signals.columns(table);
        List<FailureRisk> risks = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            double margin = boosted.score(columns, row);
            double share = forest.score(columns, row);
            risks.add(new FailureRisk(
                    table.unit(row),
                    table.ageHours(row),
                    calibration.probability(margin, share),
                    mostReasons == 0 ? List.of() : reasons(table, columns, row, mostReasons)));
        }
        return risks;
    }

    /** Writes the model; the format is described in {@code docs/format-failure-model.md}. Flushes and does not close. */
    public void save(OutputStream out) throws IOException {
        FailureModelFormat.write(this, out);
    }

    /**
     * Reads a model that {@link #save} wrote. Nothing behind it is read.
     *
     * @throws IOException if it is cut, damaged or of an unknown version
     */
    public static FailureModel load(InputStream in) throws IOException {
        return FailureModelFormat.read(in);
    }

    private List<Reason> reasons(HealthTable table, double[][] columns, int row, int most) {
        double[] logOdds = contributions(columns, row);
        return IntStream.range(0, logOdds.length)
                .filter(c -> logOdds[c] != 0)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -Math.abs(logOdds[c])))
                .limit(most)
                .map(c -> reason(signals.used.get(c), table, row, columns[c][row], logOdds[c]))
                .toList();
    }

    private static Reason reason(Signal signal, HealthTable table, int row, double value, double logOdds) {
        boolean text = signal.aspect() == Aspect.ODDS_OF_TEXT;
        String fact = text
                ? signal.aspect()
                        .describe(
                                signal.name(), table.text(row, table.textNames().indexOf(signal.name())))
                : signal.aspect().describe(signal.name(), value);
        String effect = String.format(
                Locale.ROOT, "%s the odds %.1f times", logOdds > 0 ? "raises" : "lowers", Math.exp(Math.abs(logOdds)));
        return new Reason(signal.name(), text ? Double.NaN : value, logOdds, fact + ": " + effect);
    }

    /** By column, what it adds to the log-odds of the calibrated probability. */
    private double[] contributions(double[][] columns, int row) {
        double[] result = new double[columns.length];
        boosted.explain(columns, row, result);
        double[] shares = new double[columns.length];
        double start = forest.explain(columns, row, shares);
        double moved = Arrays.stream(shares).sum();
        // The forest's shares add to a probability: stretched so that they add to its log-odds.
        double stretch = Math.abs(moved) < 1e-12
                ? 1 / (start * (1 - start))
                : (Calibration.logitOfShare(start + moved) - Calibration.logitOfShare(start)) / moved;
        for (int c = 0; c < result.length; c++) {
            result[c] = calibration.marginWeight() * result[c] + calibration.shareWeight() * stretch * shares[c];
        }
        return result;
    }
}
