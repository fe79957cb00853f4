package dev.shadow.forecast.stream;

import static dev.shadow.forecast.stream.Streams.LEVELS;
import static dev.shadow.forecast.stream.Streams.fed;
import static dev.shadow.forecast.stream.Streams.numbers;
import static dev.shadow.forecast.stream.Streams.opened;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class StreamFleetTest {
    private final StreamFleet<String> fleet = StreamFleet.create();

    @Test
    void refreshEqualsUpdateAndForecastOfTheStream() {
        fleet.put("a", opened(24));

        assertThat(fleet.update("a", 4)).isTrue();
        var forecast = fleet.refresh("a", 5, 12, LEVELS).orElseThrow();

        assertThat(numbers(forecast)).isEqualTo(numbers(fed(24, 4, 5).forecast(12, LEVELS)));
        assertThat(fleet.snapshot("a").orElseThrow().toBytes())
                .isEqualTo(fed(24, 4, 5).toBytes());
    }

    @Test
    void saysThatASeriesIsNotThere() {
        fleet.put("a", opened(1));

        assertThat(fleet.remove("a")).isTrue();
        assertThat(fleet.remove("a")).isFalse();
        assertThat(fleet.update("a", 1)).isFalse();
        assertThat(fleet.refresh("a", 1, 3, LEVELS)).isEmpty();
        assertThat(fleet.snapshot("a")).isEmpty();
        assertThat(fleet.keys()).isEmpty();
    }

    @Test
    void givesNoForecastBeforeTheFirstValue() {
        fleet.put("a", opened(1));

        assertThat(fleet.refresh("a", Double.NaN, 3, LEVELS)).isEmpty();
        assertThat(fleet.refresh("a", 2, 3, LEVELS)).isPresent();
    }

    @Test
    void streamPutInIsNotTheCallersAnyMore() {
        DemandStream stream = opened(1);
        fleet.put("a", stream);

        stream.update(1);

        assertThat(fleet.snapshot("a").orElseThrow().present()).isZero();
    }

    @Test
    void losesNoUpdateOfManyThreads() throws Exception {
        fleet.put("a", opened(1));
        fleet.put("b", opened(1));
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                all.add(workers.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        fleet.update("a", i);
                        fleet.refresh("b", 1, 2, LEVELS);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(fleet.snapshot("a").orElseThrow().present()).isEqualTo(2000);
        assertThat(fleet.snapshot("b").orElseThrow().toBytes())
                .isEqualTo(fed(1, DoubleStream.generate(() -> 1).limit(2000).toArray())
                        .toBytes());
    }
}
