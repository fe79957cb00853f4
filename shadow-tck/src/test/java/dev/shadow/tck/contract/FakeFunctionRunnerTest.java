package dev.shadow.tck.contract;

import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.tck.fake.FakeFunctionRunner;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

class FakeFunctionRunnerTest extends FunctionRunnerContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    private final FakeFunctionRunner fake = FakeFunctionRunner.on(time);
    private final FunctionRunner runner = Mutant.in(FunctionRunner.class, fake, memory);

    FakeFunctionRunnerTest() {
        fake.define("echo", (vm, input) -> {
            Map<String, String> answer = new HashMap<>(input);
            answer.put("vm", vm.value());
            return answer;
        });
        fake.define("count", (vm, input) -> Map.of());
        fake.define("refuse", (vm, input) -> {
            throw new FunctionException(Retry.PERMANENT, "the function refuses");
        });
    }

    @Override
    protected FunctionRunner runner() {
        return runner;
    }

    @Override
    protected int counted() {
        return (int) fake.runs().stream()
                .filter(run -> run.function().equals("count"))
                .count();
    }

    @Override
    protected void makeUnreachable() {
        fake.faults().delayNext(FakeFunctionRunner.Call.RUN, Duration.ofHours(1));
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
