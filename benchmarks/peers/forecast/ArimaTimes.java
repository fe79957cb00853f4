import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shadow.forecast.arima.*;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Times fixed-order fits of the reference cases; one line per case on standard output. Run by arima-peers. */
final class ArimaTimes {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    public static void main(String[] args) throws Exception {
        JsonNode root = new ObjectMapper().readTree(new File(args[0], "reference-arima.json"));
        for (JsonNode given : root.get("cases")) {
            double[] values = new double[given.get("values").size()];
            for (int t = 0; t < values.length; t++) {
                JsonNode value = given.get("values").get(t);
                values[t] = value.isNull() ? Double.NaN : value.asDouble();
            }
            JsonNode o = given.get("order");
            JsonNode s = given.get("seasonal");
            int sum = s.get(0).asInt() + s.get(1).asInt() + s.get(2).asInt();
            ArimaOrder order = ArimaOrder.of(o.get(0).asInt(), o.get(1).asInt(), o.get(2).asInt());
            ArimaOrder full = sum == 0
                    ? order
                    : order.seasonal(s.get(0).asInt(), s.get(1).asInt(), s.get(2).asInt(), given.get("period").asInt());
            ArimaSpecification specification = new ArimaSpecification(
                    full, given.get("include_mean").asBoolean(), given.get("include_drift").asBoolean());
            repeat(specification, values, 600_000_000L);
            System.out.println(given.get("name").asText() + "\t" + repeat(specification, values, 200_000_000L));
        }
    }

    /** R counts the curvature for its standard errors in, so it is counted in here too. */
    private static double repeat(ArimaSpecification specification, double[] values, long nanos) {
        int runs = 0;
        double sink = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        do {
            ArimaFit fit = Arima.fit(specification, values);
            sink += fit.standardErrors().size();
            runs++;
        } while (THREADS.getCurrentThreadCpuTime() - start < nanos);
        if (sink < 0) {
            throw new AssertionError();
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e6 / runs;
    }
}
