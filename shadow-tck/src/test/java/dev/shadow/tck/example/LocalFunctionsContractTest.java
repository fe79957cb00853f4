package dev.shadow.tck.example;

import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.tck.contract.FunctionRunnerContract;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

// docs:begin
/** Holds {@link LocalFunctions} to every promise of a function runner. */
class LocalFunctionsContractTest extends FunctionRunnerContract {
    private final AtomicInteger counter = new AtomicInteger();
    private final LocalFunctions functions = new LocalFunctions()
            .define("echo", (vm, input) -> {
                Map<String, String> answer = new TreeMap<>(input);
                answer.put("vm", vm.value());
                return answer;
            })
            .define("count", (vm, input) -> {
                counter.incrementAndGet();
                return Map.of();
            })
            .define("refuse", (vm, input) -> {
                throw new IllegalStateException("refused, as the contract asks");
            });

    @Override
    protected FunctionRunner runner() {
        return functions;
    }

    @Override
    protected int counted() {
        return counter.get();
    }

    @Override
    protected void makeUnreachable() {
        functions.hang();
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(5);
    }
}
// docs:end
