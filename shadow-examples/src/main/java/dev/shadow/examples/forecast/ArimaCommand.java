package dev.shadow.examples.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.forecast.arima.Arima;
import dev.shadow.forecast.arima.ArimaFit;
import dev.shadow.forecast.arima.ArimaOrder;
import dev.shadow.forecast.arima.ArimaSpecification;
import dev.shadow.forecast.arima.Likelihood;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits the ARIMA models of a reference file and writes what came out beside it. */
@Command(
        name = "arima",
        description = {
            "Fits the ARIMA models of a file of cases and writes the same fields as computed here.",
            "",
            "Each case has 'values' (null where missing), 'period', 'order', 'seasonal', 'include_mean', 'include_drift' and"
                    + " may have 'evaluate_at' with coefficients at which nothing is fitted. 'ml' and 'evaluate_at' follow"
                    + " the convention of R's arima for differenced series, 'exact' is the likelihood of the differenced"
                    + " series itself. Coefficients at which the process is not stationary have no likelihood: null with a"
                    + " 'reason'.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every case was computed",
            "1:some case could not be computed",
            "2:the command line was not understood",
            "3:a file could not be read or written"
        })
final class ArimaCommand implements Callable<Integer> {
    private static final double[][] NONE = {};
    private static final int STEPS = 12;

    @Spec
    private CommandSpec spec;

    @Option(names = "--reference", paramLabel = "FILE", required = true, description = "The cases, JSON.")
    private @Nullable Path reference;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the results are written, JSON.")
    private @Nullable Path out;

    @Override
    public Integer call() {
        Path from = java.util.Objects.requireNonNull(reference);
        Path to = java.util.Objects.requireNonNull(out);
        ObjectMapper json = new ObjectMapper();
        ObjectNode result = json.createObjectNode();
        ArrayNode cases = result.putArray("cases");
        int failed = 0;
        try {
            for (JsonNode given : json.readTree(from.toFile()).path("cases")) {
                ObjectNode computed =
                        cases.addObject().put("name", given.path("name").asText());
                try {
                    compute(given, computed);
                } catch (IllegalArgumentException e) {
                    failed++;
                    computed.put("problem", e.getMessage());
                    spec.commandLine().getErr().println(given.path("name").asText() + ": " + e.getMessage());
                }
            }
            json.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), result);
        } catch (IOException e) {
            spec.commandLine().getErr().println("forecast arima: " + e.getMessage());
            return 3;
        }
        return failed == 0 ? 0 : 1;
    }

    private static void compute(JsonNode given, ObjectNode computed) {
        ArimaSpecification specification = specification(given);
        double[] values = numbers(given.path("values"));
        write(Arima.fit(specification, values, NONE, Likelihood.LARGE_PRIOR), computed.putObject("ml"), true);
        write(Arima.fit(specification, values, NONE, Likelihood.EXACT), computed.putObject("exact"), true);
        JsonNode named = given.path("evaluate_at").path("coef");
        if (!named.isObject()) {
            return;
        }
        double[] coefficients = coefficients(specification.order(), named);
        double[] regression = regression(specification, named);
        ObjectNode evaluated = computed.putObject("evaluate_at");
        if (Arima.isStationary(specification.order(), coefficients)) {
            write(
                    Arima.at(specification, values, NONE, coefficients, regression, Likelihood.LARGE_PRIOR),
                    evaluated,
                    false);
        } else {
            evaluated
                    .put(
                            "reason",
                            "the autoregressive part is not stationary, so the process has no variance to start at")
                    .putNull("loglik")
                    .putNull("sigma2");
        }
    }

    private static void write(ArimaFit fit, ObjectNode to, boolean fitted) {
        ObjectNode coefficients = to.putObject("coef");
        fit.parameters().forEach((name, value) -> coefficients.put(nameInR(name), value));
        to.put("sigma2", fit.variance());
        to.put("loglik", fit.logLikelihood());
        double[][] forecast = fit.forecast(STEPS, NONE);
        if (fitted) {
            ObjectNode errors = to.putObject("se");
            fit.standardErrors().forEach((name, value) -> put(errors, nameInR(name), value));
            to.put("nobs", fit.observations());
            to.put("aic", fit.aic());
            to.put("aicc", fit.aicc());
            to.put("bic", fit.bic());
        }
        write(forecast[0], to.putArray(fitted ? "forecast_mean" : "mean"));
        write(forecast[1], to.putArray(fitted ? "forecast_se" : "se"));
        write(fit.residuals(), to.putArray("residuals"));
    }

    private static String nameInR(String name) {
        return "mean".equals(name) ? "intercept" : name;
    }

    private static void put(ObjectNode to, String name, double value) {
        if (Double.isFinite(value)) {
            to.put(name, value);
        } else {
            to.putNull(name);
        }
    }

    private static void write(double[] values, ArrayNode to) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                to.add(value);
            } else {
                to.addNull();
            }
        }
    }

    private static ArimaSpecification specification(JsonNode given) {
        JsonNode order = given.path("order");
        JsonNode seasonal = given.path("seasonal");
        ArimaOrder plain = ArimaOrder.of(
                order.path(0).asInt(), order.path(1).asInt(), order.path(2).asInt());
        int p = seasonal.path(0).asInt();
        int d = seasonal.path(1).asInt();
        int q = seasonal.path(2).asInt();
        return new ArimaSpecification(
                p + d + q == 0
                        ? plain
                        : plain.seasonal(p, d, q, given.path("period").asInt()),
                given.path("include_mean").asBoolean(),
                given.path("include_drift").asBoolean());
    }

    private static double[] coefficients(ArimaOrder order, JsonNode named) {
        List<String> names = new ArrayList<>();
        add(names, "ar", order.p());
        add(names, "ma", order.q());
        add(names, "sar", order.seasonalP());
        add(names, "sma", order.seasonalQ());
        return names.stream().mapToDouble(name -> named.path(name).asDouble()).toArray();
    }

    private static double[] regression(ArimaSpecification specification, JsonNode named) {
        List<String> names = new ArrayList<>();
        if (specification.mean()) {
            names.add("intercept");
        }
        if (specification.drift()) {
            names.add("drift");
        }
        return names.stream().mapToDouble(name -> named.path(name).asDouble()).toArray();
    }

    private static void add(List<String> names, String name, int count) {
        for (int i = 1; i <= count; i++) {
            names.add(name + i);
        }
    }

    private static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).isNull() ? Double.NaN : array.get(i).asDouble();
        }
        return values;
    }
}
