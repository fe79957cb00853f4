package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitSummary;
import java.util.Map;

/** The parameters of a summary, read back into a model. */
final class SummaryParameters {
    private final Map<String, Double> parameters;

    SummaryParameters(FitSummary summary) {
        parameters = summary.parameters();
    }

    static void putOrder(ArimaOrder order, Map<String, Double> to) {
        to.put("p", (double) order.p());
        to.put("d", (double) order.d());
        to.put("q", (double) order.q());
        to.put("P", (double) order.seasonalP());
        to.put("D", (double) order.seasonalD());
        to.put("Q", (double) order.seasonalQ());
        to.put("period", (double) order.period());
    }

    double number(String name) {
        Double value = parameters.get(name);
        if (value == null || !Double.isFinite(value)) {
            throw new InvalidValueException("parameters." + name, String.valueOf(value), "be a finite number");
        }
        return value;
    }

    int whole(String name) {
        double value = number(name);
        if (value != Math.rint(value) || value < 0 || value > Integer.MAX_VALUE) {
            throw new InvalidValueException("parameters." + name, Double.toString(value), "be a whole number");
        }
        return (int) value;
    }

    ArimaSpecification specification() {
        ArimaOrder order =
                new ArimaOrder(whole("p"), whole("d"), whole("q"), whole("P"), whole("D"), whole("Q"), whole("period"));
        return new ArimaSpecification(order, parameters.containsKey("mean"), parameters.containsKey("drift"));
    }

    double[] coefficients(ArimaOrder order) {
        double[] all = new double[order.coefficients()];
        int at = 0;
        at = read("ar", order.p(), all, at);
        at = read("ma", order.q(), all, at);
        at = read("sar", order.seasonalP(), all, at);
        read("sma", order.seasonalQ(), all, at);
        return all;
    }

    double[] regression(ArimaSpecification specification) {
        double[] regression = new double[specification.columns()];
        int at = 0;
        if (specification.mean()) {
            regression[at++] = number("mean");
        }
        if (specification.drift()) {
            regression[at] = number("drift");
        }
        return regression;
    }

    private int read(String name, int count, double[] all, int at) {
        for (int i = 0; i < count; i++) {
            all[at + i] = number(name + (i + 1));
        }
        return at + count;
    }
}
