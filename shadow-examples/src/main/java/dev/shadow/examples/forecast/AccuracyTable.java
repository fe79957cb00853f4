package dev.shadow.examples.forecast;

import dev.shadow.forecast.evaluate.Accuracy;
import dev.shadow.forecast.evaluate.BackTestReport;
import dev.shadow.forecast.evaluate.IntervalAccuracy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The figures of a back-test that people look at first, a row for each range of steps. */
final class AccuracyTable {
    private static final int NARROWEST = 8;

    private AccuracyTable() {}

    /** The columns by their heads. */
    static Map<String, Function<Accuracy, String>> columns() {
        Map<String, Function<Accuracy, String>> columns = new LinkedHashMap<>();
        columns.put("steps", a -> a.steps().toString());
        columns.put("OWA", a -> number(a.owa()));
        columns.put("MASE", a -> number(a.mase()));
        columns.put("sMAPE", a -> number(OptionalDouble.of(a.smape())));
        columns.put("pinball", a -> number(a.scaledPinball()));
        columns.put("MSIS80", a -> number(msis(a, 0.8)));
        columns.put("MSIS95", a -> number(msis(a, 0.95)));
        columns.put("inside 80 %", a -> percent(coverage(a, 0.8)));
        columns.put("inside 95 %", a -> percent(coverage(a, 0.95)));
        columns.put("headroom 95", a -> percent(a.headroom95()));
        return columns;
    }

    /** The rows of a table: each range, then all steps. */
    static List<Accuracy> rows(BackTestReport report) {
        List<Accuracy> rows = new ArrayList<>(report.ranges());
        if (rows.size() == 1) {
            rows.clear();
        }
        rows.add(report.overall());
        return rows;
    }

    static String text(BackTestReport report) {
        StringBuilder text = new StringBuilder();
        text.append(report.series())
                .append(" series, ")
                .append(report.overall().forecasts())
                .append(" forecasts, ")
                .append(report.overall().outcomes())
                .append(" outcomes\n");
        Map<String, Function<Accuracy, String>> columns = columns();
        columns.keySet().forEach(head -> text.append(padded(head, head)));
        text.append('\n');
        for (Accuracy row : rows(report)) {
            columns.forEach((head, cell) -> text.append(padded(cell.apply(row), head)));
            text.append('\n');
        }
        return text.toString();
    }

    private static String padded(String cell, String head) {
        return String.format(Locale.ROOT, "%" + (Math.max(NARROWEST, head.length()) + 2) + "s", cell);
    }

    private static OptionalDouble msis(Accuracy accuracy, double nominal) {
        return accuracy.interval(nominal).map(IntervalAccuracy::msis).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble coverage(Accuracy accuracy, double nominal) {
        return accuracy.interval(nominal)
                .map(interval -> OptionalDouble.of(interval.coverage()))
                .orElse(OptionalDouble.empty());
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : "-";
    }

    private static String percent(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.1f %%", 100 * value.getAsDouble()) : "-";
    }
}
