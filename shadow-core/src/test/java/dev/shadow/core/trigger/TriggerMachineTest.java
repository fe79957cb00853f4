package dev.shadow.core.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.internal.document.TriggerMemory;
import dev.shadow.spi.profile.Direction;
import dev.shadow.spi.profile.Trigger;
import dev.shadow.spi.profile.TriggerSignal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TriggerMachineTest {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final Trigger.Threshold ABOVE_80 = new Trigger.Threshold(
            TriggerSignal.CPU, 80, Direction.ABOVE, Duration.ofMinutes(1), 10, Duration.ofMinutes(2));

    private TriggerMemory memory = TriggerMemory.blank(ABOVE_80);
    private Instant at = Instant.parse("2026-01-01T00:00:00Z");

    private boolean after(Trigger.Threshold trigger, double... values) {
        for (double value : values) {
            memory = TriggerMachine.observe(memory, trigger, at, value, STEP);
            at = at.plus(STEP);
        }
        return memory.fired();
    }

    @Test
    void firesOnceTheHoldTimeHasPassedWithoutABreak() {
        assertThat(after(ABOVE_80, 85, 90)).isFalse();
        assertThat(after(ABOVE_80, 79)).as("a break begins anew").isFalse();
        assertThat(after(ABOVE_80, 80, 80)).isFalse();
        assertThat(after(ABOVE_80, 80)).isTrue();
    }

    @Test
    void missingSamplesNeitherFireNorRelease() {
        assertThat(after(ABOVE_80, 90, Double.NaN, Double.NaN, Double.NaN, 90))
                .as("the gap does not count")
                .isFalse();
        assertThat(after(ABOVE_80, 90, 90)).isTrue();
        assertThat(after(ABOVE_80, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN))
                .isTrue();
    }

    @Test
    void releasesOnlyBelowTheHysteresisAndAfterTheCoolDown() {
        after(ABOVE_80, 90, 90, 90);
        assertThat(after(ABOVE_80, 50)).as("cooling down").isTrue();
        assertThat(after(ABOVE_80, 75, 75, 75, 75)).as("within the hysteresis").isTrue();
        assertThat(after(ABOVE_80, 70)).isFalse();
    }

    @Test
    void withoutHoldTimeTheFirstSampleFires() {
        Trigger.Threshold below =
                new Trigger.Threshold(TriggerSignal.MEMORY, 10, Direction.BELOW, Duration.ZERO, 0, Duration.ZERO);
        memory = TriggerMemory.blank(below);
        assertThat(after(below, 11)).isFalse();
        assertThat(after(below, 10)).isTrue();
        assertThat(after(below, 10.5)).isFalse();
    }

    @Test
    void aForecastFiresAndReleasesByItsQuantile() {
        Trigger.Predictive ahead = new Trigger.Predictive(
                TriggerSignal.CPU, 80, Direction.ABOVE, 0.2, Duration.ZERO, 5, Duration.ofMinutes(1));
        memory = TriggerMachine.forecast(TriggerMemory.blank(ahead), ahead, at, 81, at);
        assertThat(memory.fired()).isTrue();
        memory = TriggerMachine.forecast(memory, ahead, at.plusSeconds(30), 60, at);
        assertThat(memory.fired()).as("cooling down").isTrue();
        memory = TriggerMachine.forecast(memory, ahead, at.plusSeconds(90), 76, at);
        assertThat(memory.fired()).as("within the hysteresis").isTrue();
        memory = TriggerMachine.forecast(memory, ahead, at.plusSeconds(120), 75, at);
        assertThat(memory.fired()).isFalse();
    }
}
