package dev.shadow.core.contract;

import dev.shadow.core.function.LocalFunctionRunner;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import dev.shadow.tck.contract.FunctionRunnerContract;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class LocalFunctionRunnerContractTest extends FunctionRunnerContract {
    private final AtomicInteger count = new AtomicInteger();
    private boolean unreachable;

    private final FunctionRunner runner = LocalFunctionRunner.builder()
            .function("echo", (vm, input, context) -> {
                if (unreachable) {
                    throw new FunctionException(Retry.TRANSIENT, "what the function needs cannot be reached");
                }
                Map<String, String> answer = new HashMap<>(input);
                answer.put("vm", vm.value());
                return answer;
            })
            .function("count", (vm, input, context) -> {
                count.incrementAndGet();
                return Map.of();
            })
            .function("refuse", (vm, input, context) -> {
                throw new FunctionException(Retry.PERMANENT, "refused");
            })
            .build();

    @Override
    protected FunctionRunner runner() {
        return runner;
    }

    @Override
    protected int counted() {
        return count.get();
    }

    @Override
    protected void makeUnreachable() {
        unreachable = true;
    }
}
