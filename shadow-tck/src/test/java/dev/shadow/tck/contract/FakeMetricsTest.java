package dev.shadow.tck.contract;

import dev.shadow.spi.VmId;
import dev.shadow.spi.metrics.Metric;
import dev.shadow.spi.metrics.MetricSubject;
import dev.shadow.spi.metrics.MetricsSource;
import dev.shadow.tck.fake.FakeMetrics;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

class FakeMetricsTest extends MetricsSourceContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeMetrics fake = FakeMetrics.on(time, step());
    private final MetricsSource source = Mutant.in(MetricsSource.class, fake, memory);

    FakeMetricsTest() {
        double[] values = {1, 2, 3, Double.NaN, 5, 6};
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                fake.record(subject(), Metric.CPU_PERCENT, start().plus(step().multipliedBy(i)), values[i]);
            }
        }
        fake.know(unmeasured(), Metric.CPU_PERCENT);
    }

    @Override
    protected MetricsSource source() {
        return source;
    }

    @Override
    protected MetricSubject subject() {
        return new MetricSubject.Vm(VmId.of("measured"));
    }

    @Override
    protected MetricSubject unmeasured() {
        return new MetricSubject.Vm(VmId.of("unmeasured"));
    }

    @Override
    protected Instant start() {
        return Instant.parse("2026-01-01T00:00:00Z");
    }

    @Override
    protected Duration step() {
        return Duration.ofMinutes(1);
    }

    @Override
    protected void makeUnreachable() {
        for (FakeMetrics.Call call : FakeMetrics.Call.values()) {
            fake.faults().delayNext(call, Duration.ofHours(1));
        }
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
