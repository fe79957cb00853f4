package dev.shadow.examples.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale with round ticks.
 *
 * @param low the least value of the axis
 * @param high the greatest, above {@code low}
 * @param step from one tick to the next
 */
record ChartScale(double low, double high, double step) {
    private static final double[] ROUND = {1, 2, 2.5, 5, 10};
    private static final double[] SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
    };
    private static final double DAY = 86_400;
    private static final double MOST = 1e300;

    /** A scale of values that begins and ends at a tick. */
    static ChartScale ofValues(double least, double greatest, int ticks) {
        double low = Math.max(-MOST, Math.min(MOST, least));
        double high = Math.max(-MOST, Math.min(MOST, greatest));
        if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
            double room = low == 0 ? 1 : Math.abs(low) / 10;
            low -= room;
            high += room;
        }
        if (low > 0 && low < 0.4 * high) {
            low = 0;
        }
        double step = rounded((high - low) / ticks);
        return new ChartScale(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
    }

    /** A scale of seconds that begins and ends where it is told. */
    static ChartScale ofSeconds(double low, double high, int ticks) {
        double wanted = (high - low) / ticks;
        for (double step : SECONDS) {
            if (step >= wanted) {
                return new ChartScale(low, high, step);
            }
        }
        return new ChartScale(low, high, DAY * Math.max(1, Math.ceil(rounded(wanted / DAY))));
    }

    private static double rounded(double wanted) {
        double power = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double round : ROUND) {
            if (round * power >= wanted * (1 - 1e-9)) {
                return round * power;
            }
        }
        return 10 * power;
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        double first = Math.ceil(low / step - 1e-9);
        for (int i = 0; (first + i) * step <= high + 1e-9 * step; i++) {
            ticks.add((first + i) * step);
        }
        return ticks;
    }

    /** The place of a value, 0 at {@code low} and 1 at {@code high}; outside if it is. */
    double place(double value) {
        return (value - low) / (high - low);
    }

    /** A tick with as many decimals as the step needs. */
    String words(double tick) {
        if (step >= 1e6 || step < 1e-5) {
            return tick == 0 ? "0" : String.format(Locale.ROOT, "%.2e", tick);
        }
        int decimals = 0;
        double scaled = step;
        while (decimals < 7 && Math.abs(scaled - Math.rint(scaled)) > 1e-6 * scaled) {
            scaled *= 10;
            decimals++;
        }
        return String.format(Locale.ROOT, step >= 1000 ? "%,." + decimals + "f" : "%." + decimals + "f", tick + 0.0)
                .replace('-', '\u2212');
    }

    /** A tick in seconds as a time before or after zero, with its unit. */
    String time(double tick) {
        if (Math.abs(tick) < step / 2) {
            return "0";
        }
        double unit = step < 60 ? 1 : step < 3600 ? 60 : step < DAY ? 3600 : DAY;
        String name = unit == 1 ? "s" : unit == 60 ? "min" : unit == 3600 ? "h" : "d";
        double number = Math.abs(tick) / unit;
        String digits = number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1f", number);
        return (tick < 0 ? "\u2212" : "+") + digits + " " + name;
    }
}
