package dev.shadow.forecast.stream;

import dev.shadow.spi.forecast.Forecast;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of many series by key. May be shared between threads: work on one series is done by one thread at a time,
 * work on different series goes on side by side. A refresh moves the stream on in place, without a copy.
 *
 * @param <K> names a series; with equals and hashCode
 */
public final class StreamFleet<K> {
    private final ConcurrentHashMap<K, DemandStream> streams = new ConcurrentHashMap<>();

    private StreamFleet() {}

    /** Returns a fleet without series. */
    public static <K> StreamFleet<K> create() {
        return new StreamFleet<>();
    }

    /** Takes over a copy of a stream under a key, in place of the one that was there. */
    public void put(K key, DemandStream stream) {
        streams.put(key, stream.copy());
    }

    /** Removes a series; whether it was there. */
    public boolean remove(K key) {
        return streams.remove(key) != null;
    }

    /** The keys at present; may change while it is read. */
    public Set<K> keys() {
        return Set.copyOf(streams.keySet());
    }

    /** Gives the next value to a series; whether it was there. */
    public boolean update(K key, double value) {
        @Nullable
        DemandStream moved = streams.computeIfPresent(key, (k, stream) -> {
            stream.update(value);
            return stream;
        });
        return moved != null;
    }

    /**
     * Gives the next value to a series and forecasts what follows it, as one step.
     *
     * @return empty if the series is not there, or has seen no value yet
     */
    public Optional<Forecast> refresh(K key, double value, int horizon, double[] levels) {
        @Nullable Forecast[] made = new Forecast[1];
        streams.computeIfPresent(key, (k, stream) -> {
            stream.update(value);
            made[0] = stream.present() == 0 ? null : stream.forecast(horizon, levels);
            return stream;
        });
        return Optional.ofNullable(made[0]);
    }

    /** A copy of a series' stream as it is now, to be kept as bytes or looked at; empty if it is not there. */
    public Optional<DemandStream> snapshot(K key) {
        @Nullable DemandStream[] copy = new DemandStream[1];
        streams.computeIfPresent(key, (k, stream) -> {
            copy[0] = stream.copy();
            return stream;
        });
        return Optional.ofNullable(copy[0]);
    }
}
