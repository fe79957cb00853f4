package dev.shadow.core.placement.reassign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InvalidValueException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReassignmentFormatTest {
    /** Two resources, the first transient; two machines in two locations; two services, the second needs the first. */
    private static final String MODEL = """
            2
            1 10
            0 1
            2
            0 0 30 40 16 80 0 1
            0 1 10 30 8 20 1 0
            2
            2 0
            1 1 0
            3
            0 12 10 1000
            0 10 20 100
            1 6 30 1
            1
            0 1 20 5
            1 10 100
            """;

    private static final String FIRST = "0 1 0";

    @Test
    void countsTheCostOfTheFirstAssignment() {
        ReassignmentProblem problem = RandomProblems.parse(MODEL, FIRST);

        ReassignmentCost cost = problem.cost(problem.origin());

        // Machine 0 uses 18 of 16 safe, machine 1 uses 10 of 8; 12 free of the first want 240 of the second, none is
        // free.
        assertThat(cost).isEqualTo(new ReassignmentCost(20 + 20, 5 * 240, 0, 0, 0));
        assertThat(problem.lowerBound()).isEqualTo(40 + 5 * (12 * 20 - 10));
    }

    @Test
    void namesTheConstraintThatAnAssignmentBreaks() {
        ReassignmentProblem problem = RandomProblems.parse(MODEL, FIRST);

        assertThat(problem.violation(new int[] {0, 1, 0})).isEmpty();
        assertThat(problem.violation(new int[] {0, 1, 1}))
                .hasValueSatisfying(
                        words -> assertThat(words).isEqualTo("machine 1 uses 16 of resource 0 with a capacity of 10"));
        assertThat(problem.violation(new int[] {0, 0, 0}))
                .hasValueSatisfying(words -> assertThat(words).contains("machine 0 uses 60 of resource 1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 40 16 80 | -3 40 16 80 | line 5: capacity of machine 0 for resource 0 must be a whole number from 0 to 500000000, was '-3'",
                "0 12 10 1000 | 9 12 10 1000 | line 11: service of process 0 must be a whole number from 0 to 1, was '9'",
                "0 10 20 100 | 0 NaN 20 100 | line 12: requirement of process 1 for resource 0 must be a whole number from 0 to 500000000, was 'NaN'",
                "0 1 20 5 | 0 7 20 5 | line 15: second resource of balance 0 must be a whole number from 0 to 1, was '7'",
                "1 1 0 | 1 1 2 | line 9: dependency of service 1 must be a whole number from 0 to 1, was '2'",
                "1 10 100 | 1 10 100 4 | line 16: what follows the last number must be absent, was '4'",
                "1 10 100 | 1 10 | line 17: machine move weight must be a whole number from 0 to 500000000, was the end of the file",
            })
    void refusesAModelWithLineNameAndValue(String right, String wrong, String message) {
        assertThat(MODEL).contains(right);
        String model = MODEL.replaceFirst(right, wrong);

        assertThatThrownBy(() -> RandomProblems.parse(model, FIRST))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 1 | line 1: machine of process 2 must be a whole number from 0 to 1, was the end of the file",
                "0 1 2 | line 1: machine of process 2 must be a whole number from 0 to 1, was '2'",
                "0 1 0 0 | line 1: what follows the last number must be absent, was '0'",
                "0 0 0 | the first assignment must keep every constraint, was one where machine 0 uses 60 of resource 1 with a capacity of 40",
            })
    void refusesAFirstAssignmentWithItsFault(String assignment, String message) {
        assertThatThrownBy(() -> RandomProblems.parse(MODEL, assignment))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @Test
    void refusesWeightsWhoseCostsDoNotFitANumber() {
        String model =
                MODEL.replace("0 1 20 5", "0 1 500000000 500000000").replace("30 40 16 80", "500000000 40 16 80");

        assertThatThrownBy(() -> RandomProblems.parse(model, FIRST))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("the largest possible cost must be at most");
    }

    @Test
    void readsTheAssignmentThatItWrote() throws IOException {
        ReassignmentProblem problem = RandomProblems.parse(MODEL, FIRST);
        StringWriter text = new StringWriter();

        ReassignmentFormat.writeAssignment(text, problem.origin());

        assertThat(text).hasToString("0 1 0\n");
        assertThat(ReassignmentFormat.readAssignment(new StringReader(text.toString()), problem))
                .containsExactly(0, 1, 0);
    }
}
