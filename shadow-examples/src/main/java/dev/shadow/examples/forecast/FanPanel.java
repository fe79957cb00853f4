package dev.shadow.examples.forecast;

import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * One fan chart: the newest values, then the median and the bands that should hold 50, 80 and 95 % of the outcomes.
 * More steps than fit are thinned out; of the values, the least and the greatest of each stretch stay.
 */
final class FanPanel {
    static final int WIDTH = 760;
    static final int HEIGHT = 380;

    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 78;
    private static final int BOTTOM = 48;
    private static final int FEWEST_VALUES = 48;
    private static final int MOST_POINTS = 600;
    private static final int LONGEST_TITLE = 72;

    private static final String INK = "#1f2933";
    private static final String SOFT = "#616e7c";
    private static final String GRID = "#e4e7eb";
    private static final String HISTORY = "#3e4c59";
    private static final String MEDIAN = "#08457e";
    private static final int MIDDLE = level(0.5);

    private enum Band {
        WIDE("95 %", 0.025, "#dcebf8"),
        MEDIUM("80 %", 0.1, "#a9cfee"),
        NARROW("50 %", 0.25, "#62a3d9");

        private final String words;
        private final int low;
        private final int high;
        private final String colour;

        Band(String words, double level, String colour) {
            this.words = words;
            this.low = level(level);
            this.high = level(1 - level);
            this.colour = colour;
        }
    }

    private final TaskForecast result;
    private final Forecast forecast;
    private final String unit;
    private final double[] tail;
    private final double seconds;
    private final ChartScale time;
    private final ChartScale value;

    FanPanel(TaskForecast result, String unit) {
        this.result = result;
        this.forecast = result.forecast();
        this.unit = unit;
        TimeSeries history = result.task().history();
        int shown = (int) Math.min(history.size(), Math.max(FEWEST_VALUES, 2L * forecast.horizon()));
        this.tail = Arrays.copyOfRange(history.values(), history.size() - shown, history.size());
        this.seconds = history.step().toNanos() / 1e9;
        this.time = ChartScale.ofSeconds(-seconds * Math.max(0, shown - 1), seconds * forecast.horizon(), 8);
        this.value = valueScale();
    }

    private static int level(double level) {
        for (int q = 0; q < ForecastRun.LEVELS.length; q++) {
            if (Math.abs(ForecastRun.LEVELS[q] - level) < 1e-9) {
                return q;
            }
        }
        throw new IllegalStateException("no quantile at " + level);
    }

    private ChartScale valueScale() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double v : tail) {
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        for (int h = 0; h < forecast.horizon(); h++) {
            low = Math.min(low, forecast.quantile(h, Band.WIDE.low));
            high = Math.max(high, forecast.quantile(h, Band.WIDE.high));
        }
        return ChartScale.ofValues(low, high, 5);
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        title(svg);
        legend(svg);
        axes(svg);
        for (Band band : Band.values()) {
            svg.append("<path d=\"")
                    .append(area(band))
                    .append("\" fill=\"")
                    .append(band.colour)
                    .append("\"/>\n");
        }
        line(svg, quantiles(MIDDLE, false), MEDIAN, 2.2);
        line(svg, history(), HISTORY, 1.4);
        if (!Double.isNaN(last())) {
            svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x(0), y(last()), HISTORY));
        }
        return svg.toString();
    }

    private void title(StringBuilder svg) {
        String id = result.task().id();
        String shown = id.codePointCount(0, id.length()) <= LONGEST_TITLE
                ? id
                : id.substring(0, id.offsetByCodePoints(0, LONGEST_TITLE - 1)) + "\u2026";
        svg.append("<title>").append(Markup.escaped(id)).append("</title>\n");
        text(svg, LEFT, 18, "start", INK, "font-size=\"16\" font-weight=\"bold\"", shown);
        String steps = forecast.horizon() == 1 ? "1 step" : forecast.horizon() + " steps";
        String words = steps + " of " + words(result.task().history().step()) + " ahead";
        text(svg, LEFT, 37, "start", SOFT, "", words);
    }

    private static String words(Duration step) {
        long s = step.toSeconds();
        if (s % 86_400 == 0) {
            return s / 86_400 + " d";
        }
        return s % 3600 == 0 ? s / 3600 + " h" : s % 60 == 0 ? s / 60 + " min" : s + " s";
    }

    private void legend(StringBuilder svg) {
        int at = LEFT;
        at = key(svg, at, "values", format("<path d=\"M%d 56h22\" stroke=\"%s\" stroke-width=\"1.6\"/>", at, HISTORY));
        at = key(svg, at, "median", format("<path d=\"M%d 56h22\" stroke=\"%s\" stroke-width=\"2.4\"/>", at, MEDIAN));
        for (int i = Band.values().length - 1; i >= 0; i--) {
            Band band = Band.values()[i];
            at = key(
                    svg,
                    at,
                    band.words + " of outcomes",
                    format(
                            "<rect x=\"%d\" y=\"50\" width=\"22\" height=\"12\" rx=\"2\" fill=\"%s\"/>",
                            at, band.colour));
        }
    }

    private static int key(StringBuilder svg, int at, String words, String mark) {
        svg.append(mark).append('\n');
        text(svg, at + 28, 60, "start", SOFT, "", words);
        return at + 28 + 7 * words.length() + 20;
    }

    private void axes(StringBuilder svg) {
        double bottom = HEIGHT - BOTTOM;
        for (double tick : value.ticks()) {
            svg.append(format("<path d=\"M%d %.1fH%d\" stroke=\"%s\"/>\n", LEFT, y(tick), WIDTH - RIGHT, GRID));
            text(svg, LEFT - 8, y(tick) + 4, "end", SOFT, "", value.words(tick) + (unit.isEmpty() ? "" : " " + unit));
        }
        for (double tick : time.ticks()) {
            double x = LEFT + (WIDTH - LEFT - RIGHT) * time.place(tick);
            svg.append(format("<path d=\"M%.1f %.1fv5\" stroke=\"%s\"/>\n", x, bottom, SOFT));
            text(svg, x, bottom + 19, "middle", SOFT, "", time.time(tick));
        }
        svg.append(format("<path d=\"M%d %.1fH%d\" stroke=\"%s\"/>\n", LEFT, bottom, WIDTH - RIGHT, SOFT));
        svg.append(format(
                "<path d=\"M%.1f %dV%.1f\" stroke=\"%s\" stroke-dasharray=\"3 4\"/>\n", x(0), TOP, bottom, SOFT));
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8.0, "middle", SOFT, "", "time from the newest value");
    }

    private static void text(
            StringBuilder svg, double x, double y, String anchor, String colour, String more, String words) {
        svg.append(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>", x, y, anchor, colour, more))
                .append(Markup.escaped(words))
                .append("</text>\n");
    }

    private static void line(StringBuilder svg, String path, String colour, double width) {
        svg.append(format(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\""
                        + " stroke-linecap=\"round\"/>\n",
                path, colour, width));
    }

    private String area(Band band) {
        String back = quantiles(band.low, true);
        return quantiles(band.high, false) + "L" + back.substring(1) + "Z";
    }

    /** The path of a quantile, from the newest value if it is there. */
    private String quantiles(int q, boolean backwards) {
        StringBuilder path = new StringBuilder();
        int stride = 1 + (forecast.horizon() - 1) / MOST_POINTS;
        int points = 1 + (forecast.horizon() - 1 + stride - 1) / stride;
        for (int i = 0; i <= points; i++) {
            int point = backwards ? points - i : i;
            if (point == 0) {
                double from = !Double.isNaN(last()) ? last() : forecast.quantile(0, q);
                append(path, !Double.isNaN(last()) ? 0 : 1, from);
            } else {
                int h = Math.min(forecast.horizon() - 1, (point - 1) * stride);
                append(path, h + 1, forecast.quantile(h, q));
            }
        }
        return path.toString();
    }

    private void append(StringBuilder path, int step, double v) {
        path.append(format("%s%.1f %.1f", path.length() == 0 ? "M" : "L", x(step), y(v)));
    }

    /** The path of the values, broken where one is missing; one that stands alone is a dot. */
    private String history() {
        StringBuilder path = new StringBuilder();
        int stride = Math.max(1, 2 * tail.length / MOST_POINTS);
        boolean joined = false;
        for (int from = 0; from < tail.length; from += stride) {
            int least = -1;
            int greatest = -1;
            for (int t = from; t < Math.min(tail.length, from + stride); t++) {
                if (!Double.isNaN(tail[t])) {
                    least = least < 0 || tail[t] < tail[least] ? t : least;
                    greatest = greatest < 0 || tail[t] > tail[greatest] ? t : greatest;
                }
            }
            if (least >= 0) {
                int first = Math.min(least, greatest);
                int second = Math.max(least, greatest);
                path.append(format("%s%.1f %.1f", joined ? "L" : "M", xOf(first), y(tail[first])));
                path.append(format("L%.1f %.1f", xOf(second), y(tail[second])));
            }
            joined = least >= 0;
        }
        return path.toString();
    }

    private double last() {
        return tail.length == 0 ? Double.NaN : tail[tail.length - 1];
    }

    private double xOf(int index) {
        return x(index - tail.length + 1);
    }

    /** The place of a step, 0 for the newest value. */
    private double x(int step) {
        return LEFT + (WIDTH - LEFT - RIGHT) * time.place(seconds * step);
    }

    private double y(double v) {
        double place = Math.max(0, Math.min(1, value.place(v)));
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - place);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
