package dev.shadow.examples.forecast;

import dev.shadow.forecast.evaluate.Accuracy;
import dev.shadow.forecast.evaluate.BackTestReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The report of a back-test as one HTML page that needs no other file. */
final class BackTestPage {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 62rem; margin: 2.5rem auto; padding: 0 1rem }
            h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
            p { margin: .3rem 0; color: #52606d; max-width: 46rem }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums }
            th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #e4e7eb; white-space: nowrap }
            th { color: #52606d; font-weight: 600 } th:first-child, td:first-child { text-align: left }
            tr.all td { font-weight: 600; border-top: 2px solid #9aa5b1 }
            .scroll { overflow-x: auto }
            """;
    private static final int SIDE = 300;
    private static final int LEFT = 52;
    private static final int TOP = 12;

    private BackTestPage() {}

    static String of(
            BackTestSettings settings, List<Double> levels, BackTestReport fleet, WorstSeries worst, int leftOut) {
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Back-test of ")
                .append(Markup.escaped(settings.method()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Back-test of ")
                .append(Markup.escaped(settings.method()))
                .append("</h1>\n");
        page.append(String.format(
                Locale.ROOT,
                "<p>%d series%s, %d origins in each, %d forecasts, %d outcomes; fitted at every %s; seed %d.</p>%n",
                fleet.series(),
                leftOut == 0 ? "" : " (" + leftOut + " more could not be tested)",
                settings.origins(),
                fleet.overall().forecasts(),
                fleet.overall().outcomes(),
                settings.refitEvery() == 1 ? "origin" : settings.refitEvery() + " origins",
                settings.fitting().seed()));
        page.append("<h2>All series, by steps ahead</h2>\n");
        fleetTable(page, fleet);
        page.append("<p>OWA below 1 is better than the benchmark Naive2. MASE and pinball are in units of the mean"
                + " seasonal difference. Headroom is how far the 95 % quantile lies above the outcomes, in"
                + " percent of their mean.</p>\n");
        page.append("<h2>Calibration</h2>\n<p>The share of outcomes that were not above each quantile. On the line, the"
                + " quantile means what it says; below it, the forecast is too low.</p>\n");
        calibration(page, levels, fleet.overall());
        page.append("<h2>Series with the highest pinball loss</h2>\n");
        worstTable(page, worst);
        return page.append("</body></html>\n").toString();
    }

    private static void fleetTable(StringBuilder page, BackTestReport fleet) {
        Map<String, Function<Accuracy, String>> columns = AccuracyTable.columns();
        page.append("<div class=\"scroll\"><table><tr>");
        columns.keySet().forEach(head -> page.append("<th>").append(head).append("</th>"));
        page.append("</tr>\n");
        for (Accuracy row : AccuracyTable.rows(fleet)) {
            page.append(row.equals(fleet.overall()) ? "<tr class=\"all\">" : "<tr>");
            cells(page, columns, row);
        }
        page.append("</table></div>\n");
    }

    private static void worstTable(StringBuilder page, WorstSeries worst) {
        Map<String, Function<Accuracy, String>> columns = AccuracyTable.columns();
        columns.remove("steps");
        page.append("<div class=\"scroll\"><table><tr><th>series</th>");
        columns.keySet().forEach(head -> page.append("<th>").append(head).append("</th>"));
        page.append("</tr>\n");
        for (WorstSeries.Entry entry : worst.all()) {
            page.append("<tr><td>").append(Markup.escaped(entry.id())).append("</td>");
            cells(page, columns, entry.report().overall());
        }
        page.append("</table></div>\n");
    }

    private static void cells(StringBuilder page, Map<String, Function<Accuracy, String>> columns, Accuracy row) {
        columns.values()
                .forEach(cell -> page.append("<td>").append(cell.apply(row)).append("</td>"));
        page.append("</tr>\n");
    }

    /** Observed against nominal share, both from 0 to 1. */
    private static void calibration(StringBuilder page, List<Double> levels, Accuracy accuracy) {
        page.append(String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#52606d\">%n",
                SIDE + LEFT + 24,
                SIDE + TOP + 44));
        for (int tick = 0; tick <= 100; tick += 25) {
            double at = tick / 100.0;
            page.append(String.format(
                    Locale.ROOT,
                    "<path d=\"M%.1f %dV%d M%d %.1fH%d\" stroke=\"#e4e7eb\"/><text x=\"%.1f\" y=\"%d\""
                            + " text-anchor=\"middle\">%d %%</text><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%d %%</text>%n",
                    x(at),
                    TOP,
                    TOP + SIDE,
                    LEFT,
                    y(at),
                    LEFT + SIDE,
                    x(at),
                    TOP + SIDE + 18,
                    tick,
                    LEFT - 8,
                    y(at) + 4,
                    tick));
        }
        page.append(String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#9aa5b1\" stroke-dasharray=\"4 4\"/><text x=\"%.1f\" y=\"%d\""
                        + " text-anchor=\"middle\">level of the quantile</text>%n",
                x(0),
                y(0),
                x(1),
                y(1),
                x(0.5),
                TOP + SIDE + 38));
        StringBuilder line = new StringBuilder();
        for (int q = 0; q < levels.size(); q++) {
            double observed = accuracy.below().get(q);
            line.append(String.format(Locale.ROOT, "%s%.1f %.1f", q == 0 ? "M" : "L", x(levels.get(q)), y(observed)));
            page.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1d6fb8\"><title>%s: %.1f %%</title></circle>%n",
                    x(levels.get(q)),
                    y(observed),
                    levels.get(q),
                    100 * observed));
        }
        page.append("<path d=\"")
                .append(line)
                .append("\" fill=\"none\" stroke=\"#1d6fb8\" stroke-width=\"1.5\"/></svg>\n");
    }

    private static double x(double share) {
        return LEFT + SIDE * share;
    }

    private static double y(double share) {
        return TOP + SIDE * (1 - share);
    }
}
