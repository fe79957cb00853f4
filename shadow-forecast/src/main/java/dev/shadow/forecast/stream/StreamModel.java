package dev.shadow.forecast.stream;

import dev.shadow.spi.forecast.FitSummary;
import dev.shadow.spi.forecast.Forecast;
import dev.shadow.spi.forecast.ForecastModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A {@link DemandStream} held still, so that it can be shared; an update copies it and moves the copy on. Who owns a
 * series alone spares the copy with the stream itself. Immutable.
 */
public final class StreamModel implements ForecastModel {
    static final String METHOD = "stream";
    static final String SEASON = "season";
    private static final String[] MEMBERS = {"newest", "recent", "long", "level", "seasonal", "repeated"};

    private final DemandStream stream;
    private final FitSummary summary;

    private StreamModel(DemandStream stream, FitSummary summary) {
        this.stream = stream;
        this.summary = summary;
    }

    /** Returns the model of a stream as it is now; all values that it has seen count as its fit. */
    public static StreamModel of(DemandStream stream) {
        return new StreamModel(stream.copy(), summary(stream));
    }

    private static FitSummary summary(DemandStream stream) {
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put(SEASON, (double) stream.options().season().orElse(1));
        parameters.put("drifts", (double) stream.drifts());
        double[] weights = stream.weights();
        for (int k = 0; k < weights.length; k++) {
            parameters.put(MEMBERS[k] + "@1", weights[k]);
        }
        return new FitSummary(
                METHOD,
                stream.start(),
                stream.next(),
                (int) Math.min(Integer.MAX_VALUE, stream.present()),
                stream.options().seed(),
                OptionalDouble.empty(),
                parameters);
    }

    /** A stream in this state, to be moved on by its owner or kept as bytes. */
    public DemandStream stream() {
        return stream.copy();
    }

    @Override
    public Forecast forecast(int horizon, double[] levels) {
        return stream.forecast(horizon, levels);
    }

    @Override
    public StreamModel update(double[] values) {
        DemandStream moved = stream.copy();
        for (double value : values) {
            moved.update(value);
        }
        return new StreamModel(moved, summary);
    }

    @Override
    public FitSummary summary() {
        return summary;
    }
}
