package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads health tables: comma-separated with a header, no quoting. {@code unit} and {@code age_h} are needed; a label is
 * 1 (failed), 0 (healthy) or {@code unknown}, an empty cell a missing number, every other column a signal.
 */
public final class HealthCsv {
    private static final String UNIT = "unit";
    private static final String AGE = "age_h";

    private final String labelName;
    private final Set<String> textNames;

    private HealthCsv(String labelName, Set<String> textNames) {
        this.labelName = labelName;
        this.textNames = textNames;
    }

    /** Returns a reader that takes one column for the label and some for text; may be shared between threads. */
    public static HealthCsv of(String labelName, Set<String> textNames) {
        return new HealthCsv(labelName, Set.copyOf(textNames));
    }

    /**
     * Reads a table whose every row has a label.
     *
     * @throws InvalidValueException naming source, line and column of what was refused
     */
    public HealthTable readLabelled(String source, BufferedReader in) throws IOException {
        return read(source, in, true);
    }

    /** Reads a table to be judged: a label is ignored and every outcome is unknown. */
    public HealthTable readUnlabelled(String source, BufferedReader in) throws IOException {
        return read(source, in, false);
    }

    private HealthTable read(String source, BufferedReader in, boolean labelled) throws IOException {
        String header = in.readLine();
        if (header == null || header.isBlank()) {
            throw new InvalidValueException(source, "empty", "start with a header line");
        }
        List<String> names = List.of(header.split(",", -1));
        for (String needed : labelled ? List.of(UNIT, AGE, labelName) : List.of(UNIT, AGE)) {
            if (!names.contains(needed)) {
                throw new InvalidValueException(source + " line 1", header, "name a column " + needed);
            }
        }
        List<String> signals = names.stream()
                .filter(n -> !Set.of(UNIT, AGE, labelName).contains(n))
                .toList();
        HealthTable.Builder table = HealthTable.builder(
                signals.stream().filter(n -> !textNames.contains(n)).toList(),
                signals.stream().filter(textNames::contains).toList());
        int line = 1;
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            line++;
            String where = source + " line " + line;
            String[] cells = text.split(",", -1);
            if (cells.length != names.size()) {
                throw new InvalidValueException(
                        where, cells.length + " columns", "have " + names.size() + " columns like the header");
            }
            add(table, names, cells, where, labelled);
        }
        if (line == 1) {
            throw new InvalidValueException(source, "a header alone", "have at least one row");
        }
        return table.build();
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
            String place = where + " column " + name;
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
            throw new InvalidValueException(where + " column " + e.field(), e.value(), e.allowed());
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
            throw new InvalidValueException(place, "'" + cell + "'", "be a finite number");
        }
        return value;
    }

    private static Outcome outcome(String cell, String place) {
        return switch (cell) {
            case "0" -> Outcome.HEALTHY;
            case "1" -> Outcome.FAILED;
            case "unknown" -> Outcome.UNKNOWN;
            default -> throw new InvalidValueException(place, "'" + cell + "'", "be 0, 1 or unknown");
        };
    }
}
