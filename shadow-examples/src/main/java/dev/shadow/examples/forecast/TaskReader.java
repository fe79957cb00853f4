package dev.shadow.examples.forecast;

import dev.shadow.spi.metrics.TimeSeries;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a history file row by row: {@code id,season,horizon,interval_s,n,values} in any order of the columns.
 *
 * <p>A row that is wrong is told and skipped, and reading goes on behind it. Characters are taken one by one, so
 * that a row of any length costs no more memory than the {@value #MOST_VALUES} values that a series may have.
 * Owned by one thread.
 */
public final class TaskReader implements Closeable {
    /** Most values of one series; a longer one is refused. */
    static final int MOST_VALUES = 10_000_000;

    private static final int MOST_TEXT = 200;
    private static final int MOST_STEPS = 1_000_000;
    private static final List<String> COLUMNS = List.of("id", "season", "horizon", "interval_s", "n", "values");

    private final Reader in;
    private final Consumer<RowProblem> problems;
    private final List<String> columns;
    private final Map<String, Duration> stepOfSeries = new HashMap<>();
    private final Map<String, Long> lineOfId = new HashMap<>();
    private final char[] buffer = new char[1 << 16];
    private int at;
    private int filled;
    private long line = 1;

    private double[] values = new double[4096];
    private int count;

    private TaskReader(Reader in, String name, Consumer<RowProblem> problems) throws IOException {
        this.in = in;
        this.problems = problems;
        this.columns = head(name);
    }

    /**
     * Reads the head line.
     *
     * @param name of the file, for the message
     * @param problems is told of each row that is skipped
     * @throws IOException if the file is empty or lacks a column
     */
    public static TaskReader open(Reader in, String name, Consumer<RowProblem> problems) throws IOException {
        return new TaskReader(in, name, problems);
    }

    private List<String> head(String name) throws IOException {
        StringBuilder text = new StringBuilder();
        int c = next();
        for (; c >= 0 && c != '\n' && text.length() < 10 * MOST_TEXT; c = next()) {
            text.append((char) c);
        }
        List<String> found =
                Arrays.stream(text.toString().split(",", -1)).map(String::strip).toList();
        for (String column : COLUMNS) {
            if (found.stream().filter(column::equals).count() != 1) {
                throw new IOException(name + ", line 1: must name the columns " + String.join(",", COLUMNS)
                        + ", each once, was '" + shortened(text) + "'");
            }
        }
        line = 2;
        return found;
    }

    /** Returns the next row from which a forecast can be made; empty at the end of the file. */
    public Optional<ForecastTask> read() throws IOException {
        for (int c = peek(); c >= 0; c = peek()) {
            if (c == '\n' || c == '\r') {
                line += next() == '\n' ? 1 : 0;
                continue;
            }
            Map<String, String> fields = new HashMap<>();
            long row = line;
            try {
                readRow(fields);
                return Optional.of(task(row, fields));
            } catch (RefusedRow e) {
                skipLine();
                problems.accept(new RowProblem(row, fields.getOrDefault("id", ""), e.reason));
            }
        }
        return Optional.empty();
    }

    private void readRow(Map<String, String> fields) throws IOException, RefusedRow {
        count = 0;
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            if (column.equals("values")) {
                readValues(fields);
            } else {
                fields.put(column, readText(column));
            }
            boolean last = i == columns.size() - 1;
            int c = peek();
            if (last ? c == ',' : c != ',') {
                throw new RefusedRow("must have " + columns.size() + " columns, as the head line has, has "
                        + (last ? "more" : i + 1));
            }
            if (!last) {
                next();
            }
        }
    }

    private String readText(String column) throws IOException, RefusedRow {
        StringBuilder text = new StringBuilder();
        for (int c = peek(); c >= 0 && c != ',' && c != '\n'; c = peek()) {
            text.append((char) next());
            if (text.length() > MOST_TEXT) {
                throw new RefusedRow(
                        column + " must be at most " + MOST_TEXT + " characters, was '" + shortened(text) + "'");
            }
        }
        return text.toString().strip();
    }

    private void readValues(Map<String, String> fields) throws IOException, RefusedRow {
        StringBuilder token = new StringBuilder();
        for (int c = peek(); c >= 0 && c != ',' && c != '\n'; c = peek()) {
            next();
            if (c > ' ') {
                token.append((char) c);
            }
            if (token.length() > MOST_TEXT) {
                throw new RefusedRow(
                        "value " + (count + 1L) + " must be a number or NA, was '" + shortened(token) + "'");
            }
            if (c <= ' ') {
                add(token, fields);
            }
        }
        add(token, fields);
    }

    private void add(StringBuilder token, Map<String, String> fields) throws RefusedRow {
        if (token.length() == 0) {
            return;
        }
        if (count == MOST_VALUES) {
            throw tooMany("more than " + MOST_VALUES);
        }
        if (count == 0 && fields.containsKey("n")) {
            long announced = number(fields, "n", 0, Long.MAX_VALUE);
            if (announced > MOST_VALUES) {
                throw tooMany(Long.toString(announced));
            }
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.min(MOST_VALUES, 2 * count));
        }
        values[count] = value(token);
        count++;
        token.setLength(0);
    }

    private static RefusedRow tooMany(String number) {
        return new RefusedRow(
                "must have at most " + MOST_VALUES + " values, has " + number + "; keep the newest or average them");
    }

    private double value(StringBuilder token) throws RefusedRow {
        String text = token.toString();
        if (text.equals("NA") || text.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new RefusedRow("value " + (count + 1L) + " must be a number or NA, was '" + shortened(token) + "'");
        }
        throw new RefusedRow(
                "value " + (count + 1L) + " must be finite, or NA for a missing one, was '" + shortened(token) + "'");
    }

    private ForecastTask task(long row, Map<String, String> fields) throws RefusedRow {
        String id = fields.getOrDefault("id", "");
        if (id.isEmpty()) {
            throw new RefusedRow("id must not be empty");
        }
        int season = (int) number(fields, "season", 0, MOST_STEPS);
        int horizon = (int) number(fields, "horizon", 1, MOST_STEPS);
        Duration step = Duration.ofSeconds(number(fields, "interval_s", 1, 366L * 24 * 3600));
        long announced = number(fields, "n", 0, Long.MAX_VALUE);
        if (announced != count) {
            throw new RefusedRow("must have as many values as n says, " + announced + ", has " + count);
        }
        TimeSeries history = TimeSeries.of(Instant.EPOCH, step, Arrays.copyOf(values, count));
        ForecastTask task = new ForecastTask(row, id, season, horizon, history);
        Long first = lineOfId.putIfAbsent(id, row);
        if (first != null) {
            throw new RefusedRow("id must be given once, stands on line " + first + " already");
        }
        Duration before = stepOfSeries.putIfAbsent(task.series(), step);
        if (before != null && !before.equals(step)) {
            throw new RefusedRow("interval_s must be the same in every row of the series, was " + step.toSeconds()
                    + " after " + before.toSeconds() + "; bring the series to one step first");
        }
        return task;
    }

    private static long number(Map<String, String> fields, String column, long min, long max) throws RefusedRow {
        String text = fields.getOrDefault(column, "");
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrongNumber(column, text, min, max);
        }
        throw wrongNumber(column, text, min, max);
    }

    private static RefusedRow wrongNumber(String column, String text, long min, long max) {
        String allowed = max == Long.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        return new RefusedRow(column + " must be a whole number " + allowed + ", was '" + shortened(text) + "'");
    }

    private static String shortened(CharSequence text) {
        return text.length() <= 40 ? text.toString() : text.subSequence(0, 40) + "...";
    }

    private int peek() throws IOException {
        if (at == filled) {
            filled = in.read(buffer, 0, buffer.length);
            at = 0;
            if (filled <= 0) {
                filled = 0;
                return -1;
            }
        }
        return buffer[at];
    }

    private int next() throws IOException {
        int c = peek();
        at += c < 0 ? 0 : 1;
        return c;
    }

    private void skipLine() throws IOException {
        for (int c = peek(); c >= 0 && c != '\n'; c = peek()) {
            next();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static final class RefusedRow extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        private RefusedRow(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
