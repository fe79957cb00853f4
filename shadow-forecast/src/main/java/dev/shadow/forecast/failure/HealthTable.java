package dev.shadow.forecast.failure;

import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Health readings of many units, one row for each unit and age, in any order. Immutable, may be shared between threads.
 */
public final class HealthTable {
    private final List<String> numberNames;
    private final List<String> textNames;
    private final List<Row> rows;

    private HealthTable(List<String> numberNames, List<String> textNames, List<Row> rows) {
        this.numberNames = numberNames;
        this.textNames = textNames;
        this.rows = rows;
    }

    /** Starts a table with these columns beside unit and age; names must be distinct. */
    public static Builder builder(List<String> numberNames, List<String> textNames) {
        return new Builder(numberNames, textNames);
    }

    /** Names of the columns of numbers. */
    public List<String> numberNames() {
        return numberNames;
    }

    /** Names of the columns of text. */
    public List<String> textNames() {
        return textNames;
    }

    /** Number of rows. */
    public int size() {
        return rows.size();
    }

    /** The unit of a row, counted from 0. */
    public String unit(int row) {
        return rows.get(row).unit;
    }

    /** The age of the unit at a row, in hours. */
    public double ageHours(int row) {
        return rows.get(row).ageHours;
    }

    /** What became of the unit of a row. */
    public Outcome outcome(int row) {
        return rows.get(row).outcome;
    }

    /** A number of a row, {@code NaN} if missing. */
    public double number(int row, int column) {
        return rows.get(row).numbers[column];
    }

    /** A text of a row. */
    public String text(int row, int column) {
        return rows.get(row).texts.get(column);
    }

    /** Gathers rows. Not thread-safe. */
    public static final class Builder {
        private final List<String> numberNames;
        private final List<String> textNames;
        private final List<Row> rows = new ArrayList<>();
        private final Set<Key> keys = new HashSet<>();

        private Builder(List<String> numberNames, List<String> textNames) {
            this.numberNames = List.copyOf(numberNames);
            this.textNames = List.copyOf(textNames);
            Set<String> names = new HashSet<>();
            for (List<String> list : List.of(this.numberNames, this.textNames)) {
                for (String name : list) {
                    if (!names.add(name)) {
                        throw new InvalidValueException("columns", name, "be distinct");
                    }
                }
            }
        }

        /**
         * Adds a row.
         *
         * @param numbers in the order of the columns, {@code NaN} for a missing one, never infinite
         * @throws InvalidValueException naming the column that was refused
         */
        public Builder add(String unit, double ageHours, double[] numbers, List<String> texts, Outcome outcome) {
            if (unit.isEmpty()) {
                throw new InvalidValueException("unit", "''", "not be empty");
            }
            if (!(ageHours >= 0 && Double.isFinite(ageHours))) {
                throw new InvalidValueException("age_h", Double.toString(ageHours), "be finite and not negative");
            }
            if (numbers.length != numberNames.size() || texts.size() != textNames.size()) {
                throw new InvalidValueException(
                        "row",
                        numbers.length + " numbers and " + texts.size() + " texts",
                        "have " + numberNames.size() + " and " + textNames.size());
            }
            for (int i = 0; i < numbers.length; i++) {
                if (Double.isInfinite(numbers[i])) {
                    throw new InvalidValueException(numberNames.get(i), Double.toString(numbers[i]), "be finite");
                }
            }
            if (!keys.add(new Key(unit, ageHours))) {
                throw new InvalidValueException("unit", unit, "appear once at age " + ageHours);
            }
            rows.add(new Row(unit, ageHours, numbers.clone(), List.copyOf(texts), outcome));
            return this;
        }

        /** Returns the table of what was added so far. */
        public HealthTable build() {
            return new HealthTable(numberNames, textNames, List.copyOf(rows));
        }
    }

    private record Key(String unit, double ageHours) {}

    private static final class Row {
        final String unit;
        final double ageHours;
        final double[] numbers;
        final List<String> texts;
        final Outcome outcome;

        Row(String unit, double ageHours, double[] numbers, List<String> texts, Outcome outcome) {
            this.unit = unit;
            this.ageHours = ageHours;
            this.numbers = numbers;
            this.texts = texts;
            this.outcome = outcome;
        }
    }
}
