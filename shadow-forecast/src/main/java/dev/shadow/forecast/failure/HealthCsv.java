package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads health tables: comma-separated with a header, no quoting, lines of at most {@value #LONGEST_LINE} characters.
 * {@code unit} and {@code age_h} are needed; a label is {@code 1} (failed), {@code 0} (healthy), {@code mitigated} or
 * {@code unknown}, an empty cell a missing number, every other column a signal. May be shared between threads.
 */
public final class HealthCsv {
    /** Most characters of a line. */
    static final int LONGEST_LINE = 100_000;

    private static final String UNIT = "unit";
    private static final String AGE = "age_h";

    private final String labelName;
    private final Set<String> textNames;

    private HealthCsv(String labelName, Set<String> textNames) {
        this.labelName = labelName;
        this.textNames = textNames;
    }

    /** Returns a reader that takes one column for the label and some for text. */
    public static HealthCsv of(String labelName, Set<String> textNames) {
        return new HealthCsv(labelName, Set.copyOf(textNames));
    }

    /**
     * Reads a table whose every row has a label.
     *
     * @param source name of the file, for messages
     * @throws InvalidValueException naming source, line and column of what was refused
     */
    public HealthTable readLabelled(String source, BufferedReader in) throws IOException {
        return read(source, in, true);
    }

    /**
     * Reads a table to be judged: a label is passed over and every outcome is unknown.
     *
     * @param source name of the file, for messages
     * @throws InvalidValueException naming source, line and column of what was refused
     */
    public HealthTable readUnlabelled(String source, BufferedReader in) throws IOException {
        return read(source, in, false);
    }

    private HealthTable read(String source, BufferedReader in, boolean labelled) throws IOException {
        StringBuilder line = new StringBuilder();
        if (!readLine(in, line, source, 1) || line.toString().isBlank()) {
            throw new InvalidValueException(source, "empty", "start with a header line");
        }
        List<String> names = header(source, line.toString(), labelled);
        List<String> signals = names.stream()
                .filter(n -> !Set.of(UNIT, AGE, labelName).contains(n))
                .toList();
        HealthTable.Builder table = HealthTable.builder(
                signals.stream().filter(n -> !textNames.contains(n)).toList(),
                signals.stream().filter(textNames::contains).toList());
        int number = 2;
        while (readLine(in, line, source, number)) {
            String where = source + ", line " + number;
            String[] cells = line.toString().split(",", -1);
            if (cells.length != names.size()) {
                throw new InvalidValueException(
                        where, cells.length + " columns", "have " + names.size() + " columns like the header");
            }
            add(table, names, cells, where, labelled);
            number++;
        }
        if (number == 2) {
            throw new InvalidValueException(source, "a header alone", "have at least one row");
        }
        return table.build();
    }

    private List<String> header(String source, String line, boolean labelled) {
        List<String> names = List.of(line.split(",", -1));
        Set<String> distinct = new HashSet<>();
        for (String name : names) {
            if (!distinct.add(name)) {
                throw new InvalidValueException(source + ", line 1", "'" + name + "' twice", "name each column once");
            }
        }
        for (String needed : labelled ? List.of(UNIT, AGE, labelName) : List.of(UNIT, AGE)) {
            if (!distinct.contains(needed)) {
                throw new InvalidValueException(
                        source + ", line 1", "'" + shortened(line) + "'", "name a column " + needed);
            }
        }
        return names;
    }

    private void add(HealthTable.Builder table, List<String> names, String[] cells, String where, boolean labelled) {
        double[] numbers = new double[cells.length];
        int count = 0;
        List<String> texts = new ArrayList<>();
        String unit = "";
        double age = 0;
        Outcome outcome = Outcome.UNKNOWN;
        for (int i = 0; i < cells.length; i++) {
            String name = names.get(i);
            String place = where + ", column " + name;
            if (name.equals(UNIT)) {
                unit = cells[i];
            } else if (name.equals(AGE)) {
                age = number(cells[i], place);
            } else if (name.equals(labelName)) {
                outcome = labelled ? outcome(cells[i], place) : Outcome.UNKNOWN;
            } else if (textNames.contains(name)) {
                texts.add(cells[i]);
            } else {
                numbers[count++] = cells[i].isEmpty() ? Double.NaN : number(cells[i], place);
            }
        }
        try {
            table.add(unit, age, Arrays.copyOf(numbers, count), texts, outcome);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(where + ", column " + e.field(), e.value(), e.allowed());
        }
    }

    private static double number(String cell, String place) {
        double value;
        try {
            value = Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!Double.isFinite(value)) {
            throw new InvalidValueException(place, "'" + shortened(cell) + "'", "be a finite number");
        }
        return value;
    }

    private static Outcome outcome(String cell, String place) {
        return switch (cell) {
            case "0" -> Outcome.HEALTHY;
            case "1" -> Outcome.FAILED;
            case "mitigated", "unknown" -> Outcome.UNKNOWN;
            default ->
                throw new InvalidValueException(place, "'" + shortened(cell) + "'", "be 0, 1, mitigated or unknown");
        };
    }

    /** Replaces what {@code line} holds; false at the end of the file. */
    private static boolean readLine(BufferedReader in, StringBuilder line, String source, int number)
            throws IOException {
        line.setLength(0);
        int c = in.read();
        if (c < 0) {
            return false;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
            if (line.length() > LONGEST_LINE) {
                throw new InvalidValueException(
                        source + ", line " + number,
                        "'" + shortened(line) + "'",
                        "have at most " + LONGEST_LINE + " characters");
            }
        }
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return true;
    }

    private static String shortened(CharSequence text) {
        return text.length() <= 60 ? text.toString() : text.subSequence(0, 60) + "...";
    }
}
