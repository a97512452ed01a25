"""The part of the dialog in which a task is made, drawn separately."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from cnnviz.ui.classroom.task_goals import Is, Size, Typed


def app():
    from cnnviz.ui.classroom.task_maker import TaskMaker
    from cnnviz.ui.lab.settings import SETTINGS
    from cnnviz.ui.lab.tasks import TASKS
    from cnnviz.ui.widgets.settings import restore

    restore(SETTINGS)
    TaskMaker(TASKS).draw()


def opened(**settings):
    at = AppTest.from_function(app, default_timeout=60)
    for name, value in settings.items():
        at.session_state[f"lab.{name}"] = value
    return run(at)


def run(at):
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


def added(at):
    at.button(key="task:add").click()
    run(at)
    return at.session_state["sheet:make:tasks"]


def test_a_task_of_the_screen_is_made_and_handed_out():
    at = opened(stride=2)
    at.text_area(key="lab:make:text").set_value("Which **stride**?")
    at.multiselect(key="lab:make:show").set_value(["stride", "padding"])
    at.selectbox(key="lab:make:0:setting:name").set_value("stride")
    at.text_area(key="lab:make:hints").set_value("More than 1.\n\nLess than 3.\n")
    (task,) = added(at)
    assert task.goal == (Is("stride", ("2",)),)
    assert task.show == ("stride", "padding")
    assert task.hints == ("More than 1.", "Less than 3.")
    assert not at.error
    assert not at.warning
    assert any(r"Which \*\*stride\*\*\?" in one.value for one in at.markdown)
    assert "sheet=" in at.code[0].value
    assert any('alt="The link as a QR code"' in one.proto.body for one in at.get("html"))


def test_several_things_can_be_asked_for_and_several_tasks_made():
    at = opened()
    at.text_area(key="lab:make:text").set_value("One")
    at.number_input(key="lab:make:count").set_value(2)
    at.selectbox(key="lab:make:0:kind").set_value("size")
    run(at)
    at.selectbox(key="lab:make:1:kind").set_value("number")
    run(at)
    at.number_input(key="lab:make:1:number:number").set_value(7.0)
    (task,) = added(at)
    assert task.goal == (Size("convolution", 256, 256), Typed(7.0))
    at.text_area(key="lab:make:text").set_value("Two")
    assert [task.text for task in added(at)] == ["One", "Two"]
    at.button(key="task:remove:0").click()
    assert [task.text for task in run(at).session_state["sheet:make:tasks"]] == ["Two"]


def test_the_words_of_a_task_on_the_sheet_can_be_edited_and_all_else_stays():
    at = opened()
    at.text_area(key="lab:make:text").set_value("Wich kernel?")
    at.text_area(key="lab:make:hints").set_value("One\nTwo")
    (before,) = added(at)
    at.button(key="task:edit:0").click()
    run(at)
    assert at.text_area(key="sheet:make:hints").value == "One\nTwo"
    at.text_area(key="sheet:make:text").set_value(" ")
    at.button(key="task:save").click()
    run(at)
    assert [error.value for error in at.error] == ["Write the question."]
    assert at.session_state["sheet:make:tasks"] == [before]
    at.text_area(key="sheet:make:text").set_value("Which kernel?")
    at.text_input(key="sheet:make:solved").set_value("Yes.")
    at.button(key="task:save").click()
    (after,) = run(at).session_state["sheet:make:tasks"]
    assert after == replace(before, text="Which kernel?", solved="Yes.")
    assert "task:save" not in [button.key for button in at.button]
    assert not at.error


def test_a_kept_screen_is_where_the_task_begins():
    at = opened(stride=3)
    next(one for one in at.button if one.label == "Save the current screen").click()
    run(at)
    at.session_state["lab.stride"] = 2
    at.text_area(key="lab:make:text").set_value("?")
    at.selectbox(key="lab:make:0:setting:name").set_value("stride")
    at.toggle(key="lab:make:tell").set_value(True)
    (task,) = added(at)
    assert (task.start, task.solution) == ("stride=3", "stride=2")


def test_missing_parts_are_named():
    at = opened()
    assert added(at) == []
    assert at.error[0].value == "Write the question."
