import pytest

from schemas.examples import example


@pytest.fixture
def record():
    """The Xunwu case as sealed."""
    return example("xunwu_record")


@pytest.fixture
def body(record):
    return record["body"]


@pytest.fixture
def full_record():
    """An amendment in which every optional part is filled in."""
    return example("full_amendment")
