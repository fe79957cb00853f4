package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The rows of a table whose outcome is known, counted from 0. */
final class KnownRows {
    private final HealthTable table;
    private final int[] rows;
    private final boolean[] failed;
    private final int failures;

    private KnownRows(HealthTable table, int[] rows, boolean[] failed, int failures) {
        this.table = table;
        this.rows = rows;
        this.failed = failed;
        this.failures = failures;
    }

    /** @throws InvalidValueException unless there are failed and healthy rows */
    static KnownRows of(HealthTable table) {
        int[] rows = IntStream.range(0, table.size())
                .filter(row -> table.outcome(row) != Outcome.UNKNOWN)
                .toArray();
        boolean[] failed = new boolean[rows.length];
        int failures = 0;
        for (int i = 0; i < rows.length; i++) {
            failed[i] = table.outcome(rows[i]) == Outcome.FAILED;
            failures += failed[i] ? 1 : 0;
        }
        if (failures == 0 || failures == rows.length) {
            throw new InvalidValueException(
                    "outcomes",
                    failures + " failed and " + (rows.length - failures) + " healthy rows",
                    "have at least one failed and one healthy row");
        }
        return new KnownRows(table, rows, failed, failures);
    }

    int size() {
        return rows.length;
    }

    int failures() {
        return failures;
    }

    double failureRate() {
        return (double) failures / rows.length;
    }

    boolean failed(int row) {
        return failed[row];
    }

    String unit(int row) {
        return table.unit(rows[row]);
    }

    int[] rows(IntPredicate wanted) {
        return IntStream.range(0, rows.length).filter(wanted).toArray();
    }

    /** The columns of the table at these rows alone. */
    double[][] of(double[][] columns) {
        double[][] result = new double[columns.length][rows.length];
        for (int c = 0; c < columns.length; c++) {
            for (int i = 0; i < rows.length; i++) {
                result[c][i] = columns[c][rows[i]];
            }
        }
        return result;
    }
}
