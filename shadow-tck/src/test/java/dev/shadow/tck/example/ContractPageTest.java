package dev.shadow.tck.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.tck.contract.SpiContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/contract-tests.md} true. */
class ContractPageTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "shadow", "tck", "contract");

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "contract-tests.md"));
    }

    @Test
    void exampleOnThePageIsTheCompiledOne() throws IOException {
        String source = Files.readString(
                Path.of("src", "test", "java", "dev", "shadow", "tck", "example", "LocalFunctionsContractTest.java"));
        String region = source.substring(
                source.indexOf("// docs:begin") + "// docs:begin".length(), source.indexOf("// docs:end"));
        assertThat(page()).contains(region.strip());
    }

    @Test
    void pageNamesEveryContract() throws IOException {
        List<String> contracts;
        try (Stream<Path> files = Files.list(SOURCES)) {
            contracts = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith("Contract"))
                    .filter(name -> !name.equals(SpiContract.class.getSimpleName()))
                    .toList();
        }
        assertThat(contracts).hasSize(14).allSatisfy(name -> assertThat(page()).contains("`" + name + "`"));
    }
}
